"""The transformer: operations, the recorded run, the model, its tokenizer, its training."""
