"""Experiments that teach: small models trained side by side that differ in one thing.

In the code each is a `Trial`, because `engine.experiment.Experiment` is a run of one sentence.
"""
