"""LSTMs in TensorFlow/Keras, their training and their bundles."""
