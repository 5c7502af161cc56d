"""How good mentions, pairs and probabilities are; knows no Keras."""
