"""What scripts import: packages that their headers name, installed by uv; or a version of the standard."""
