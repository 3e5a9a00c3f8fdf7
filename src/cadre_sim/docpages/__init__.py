"""What generates pages of the documentation from declarations: measures, keys, outputs, evidence, the Python API."""
