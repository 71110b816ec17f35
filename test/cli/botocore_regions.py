"""The regions that botocore knows, of all partitions: one list for each of the cases on stdin."""

import json
import sys

import botocore.loaders

partitions = botocore.loaders.create_loader().load_data("partitions")["partitions"]
regions = [region for partition in partitions for region in partition["regions"]]
print(json.dumps([regions for _ in json.load(sys.stdin)]))
