"""Compares the rust-version of Cargo.toml to those of the dependencies: `cargo tree` on standard input."""

import json
import sys
import tomllib


def numbers(version):
    parts = [int(part) for part in version.split(".")]
    return parts + [0] * (3 - len(parts))


def main(metadata_path, manifest_path):
    with open(metadata_path) as file:
        packages = json.load(file)["packages"]
    with open(manifest_path, "rb") as file:
        manifest = tomllib.load(file)
    name, claimed = manifest["package"]["name"], manifest["package"]["rust-version"]
    in_tree = {tuple(line.split()[:2]) for line in sys.stdin if line.strip()}
    stated = [
        (package["rust_version"], f"{package['name']} {package['version']}")
        for package in packages
        if (package["name"], "v" + package["version"]) in in_tree and package["name"] != name and package["rust_version"]
    ]
    needed, offender = max(stated, key=lambda entry: numbers(entry[0]))
    if numbers(claimed) != numbers(needed):
        sys.exit(f"rust-version is {claimed}, but {offender} states {needed}: write rust-version = \"{needed}\"")
    level = manifest["lints"]["clippy"].get("incompatible_msrv")
    level = level["level"] if isinstance(level, dict) else level
    if level not in ("warn", "deny", "forbid"):
        sys.exit("clippy's incompatible_msrv must be on: nothing else holds our own code to rust-version")
    print(f"rust-version {claimed}, as {offender} states; {len(stated)} of {len(in_tree) - 1} dependencies state one")


main(*sys.argv[1:])
