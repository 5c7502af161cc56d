"""The only door into pandas: records to tables to files."""
