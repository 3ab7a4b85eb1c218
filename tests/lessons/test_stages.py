from lessons.stages import VIEWS, WITHOUT, is_layer_norm, stages, with_parts


def test_every_stage_shows_a_step_of_the_trace(make, any_kind):
    experiment = make(any_kind)
    for stage in with_parts(stages(experiment.model.config)):
        assert stage.view in VIEWS
        assert stage.focus is None or stage.focus in experiment.trace.steps
        assert (stage.focus is None) == (stage.view == "text")


def test_ids_are_unique(make, any_kind):
    ids = [stage.id for stage in with_parts(stages(make(any_kind).model.config))]
    assert len(ids) == len(set(ids))


def test_the_line_follows_the_order_of_the_trace(make, any_kind):
    experiment = make(any_kind)
    order = {step.name: i for i, step in enumerate(experiment.trace) if step.inputs}
    line = [
        order[stage.focus]
        for stage in with_parts(stages(experiment.model.config))
        if stage.focus in order
    ]
    assert line == sorted(line)


def test_no_computed_step_is_left_out(make, any_kind):
    """Except copies, roots of settings, and the rows that the look-up already shows."""
    experiment = make(any_kind)
    config = experiment.model.config
    shown = {stage.focus for stage in with_parts(stages(config))}
    copies = {f"blocks.{i}.resid_pre" for i in range(1, config.n_layers)}
    scaling = {"embed", "sqrt_d_model"} if config.scale_embed else set()
    hidden = {step.name for step in experiment.trace if step.inputs} - shown
    root = {"sqrt_d_head"} if config.scale_attn else set()
    assert hidden == copies | scaling | root


def test_groups_are_input_then_blocks_then_output(make, any_kind):
    config = make(any_kind).model.config
    groups = list(dict.fromkeys(stage.group for stage in stages(config)))
    assert groups == ["input", *(f"blocks.{i}" for i in range(config.n_layers)), "output"]
    blocks = [stage.block for stage in stages(config) if stage.block is not None]
    assert sorted(set(blocks)) == list(range(config.n_layers))


def test_every_block_has_the_same_stations(make, any_kind):
    config = make(any_kind).model.config
    line = stages(config)
    keys = [[s.key for s in line if s.block == i] for i in range(config.n_layers)]
    assert all(block == keys[0] for block in keys)


def test_a_station_that_a_model_leaves_out_is_not_on_its_line(make, any_kind):
    config = make(any_kind).model.config
    line = stages(config)
    names = {stage.id.rpartition(".")[2] for stage in line}
    assert ({"resid_mid", "resid_post"} <= names) == config.residual
    assert names.isdisjoint({"resid_mid", "resid_post"}) != config.residual
    assert ("scaled" in names) == config.scale_attn
    assert any(map(is_layer_norm, line)) == (config.norm != "none")
    left_out = {"residual": not config.residual, "scaling": not config.scale_attn}
    left_out["norm"] = config.norm == "none"
    told = {stage.key.partition(WITHOUT)[2] for stage in line} - {""}
    assert told == {part for part, gone in left_out.items() if gone}, "each is told on the line"
