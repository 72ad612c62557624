"""The use cases behind the pages: adding, listing and deleting models, resources and pipelines."""
