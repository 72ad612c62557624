#!/bin/sh
# Writes backend/requirements/*.txt from pyproject.toml: every version and hash, for each system and Python 3.11 on,
# and no address of a registry.
set -eu
cd "$(dirname "$0")/../requirements"

lock() {
    output=$1
    shift
    uv pip compile -q --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
        --upgrade --custom-compile-command "make lock" -o "$output" "$@"
}

lock run.txt ../../pyproject.toml
lock extras.txt ../../pyproject.toml --all-extras -c run.txt
for group in tools build node; do
    lock $group.txt --group ../../pyproject.toml:$group
done
for group in bench scripts; do
    lock $group.txt --group ../../pyproject.toml:$group -c run.txt
done
# tritonclient asks for an ml-dtypes older than the one that is shipped, and works with that.
echo "ml-dtypes>=0.5" | lock dev.txt --group ../../pyproject.toml:dev -c run.txt --overrides -
python3 ../tools/standard.py .
