"""Post-processing of the table: every bit of the output."""


def process(content):
    """Return the output's bytes in hexadecimal."""
    return content[0].tobytes().hex()
