"""Reads a CloudFormation template in YAML from stdin, and writes it as JSON: !Sub x becomes {"Fn::Sub": x}."""

import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


def function(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    return {name: loader.construct_sequence(node, deep=True)}


Loader.add_multi_constructor("!", function)
json.dump(yaml.load(sys.stdin, Loader), sys.stdout)
