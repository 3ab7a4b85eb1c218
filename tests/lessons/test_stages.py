from lessons.stages import VIEWS, stages, with_parts


def test_every_stage_shows_a_step_of_the_trace(make, kind):
    experiment = make(kind)
    for stage in with_parts(stages(experiment.model.config)):
        assert stage.view in VIEWS
        assert stage.focus is None or stage.focus in experiment.trace.steps
        assert (stage.focus is None) == (stage.view == "text")


def test_ids_are_unique(make, kind):
    ids = [stage.id for stage in with_parts(stages(make(kind).model.config))]
    assert len(ids) == len(set(ids))


def test_the_line_follows_the_order_of_the_trace(make, kind):
    experiment = make(kind)
    order = {step.name: i for i, step in enumerate(experiment.trace) if step.inputs}
    line = [
        order[stage.focus]
        for stage in with_parts(stages(experiment.model.config))
        if stage.focus in order
    ]
    assert line == sorted(line)


def test_no_computed_step_is_left_out(make, kind):
    """Except copies, roots of settings, and the rows that the look-up already shows."""
    experiment = make(kind)
    config = experiment.model.config
    shown = {stage.focus for stage in with_parts(stages(config))}
    copies = {f"blocks.{i}.resid_pre" for i in range(1, config.n_layers)}
    scaling = {"embed", "sqrt_d_model"} if config.scale_embed else set()
    hidden = {step.name for step in experiment.trace if step.inputs} - shown
    assert hidden == copies | scaling | {"sqrt_d_head"}


def test_groups_are_input_then_blocks_then_output(make, kind):
    config = make(kind).model.config
    groups = list(dict.fromkeys(stage.group for stage in stages(config)))
    assert groups == ["input", *(f"blocks.{i}" for i in range(config.n_layers)), "output"]
    blocks = [stage.block for stage in stages(config) if stage.block is not None]
    assert sorted(set(blocks)) == list(range(config.n_layers))


def test_every_block_has_the_same_stations(make, kind):
    config = make(kind).model.config
    line = stages(config)
    keys = [[s.key for s in line if s.block == i] for i in range(config.n_layers)]
    assert all(block == keys[0] for block in keys)
