"""Which source of credentials botocore asks, and whose credentials it has in the end.

Reads a JSON list of cases on stdin and prints the list of access key ids: null if there are no
credentials, and {"refused": REASON} for what botocore refuses. A case is

  {"config": TEXT, "credentials": TEXT, "env": {...}, "profile": NAME or null,
   "sso_cache": {FILE NAME: TEXT}}
"""

import json
import os
import sys
import tempfile

import botocore.credentials
import botocore.loaders
import botocore.session
import botocore.tokens

LOADER = botocore.loaders.create_loader()


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def access_key(case, folder):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(case["env"])
    os.environ["HOME"] = folder
    write(folder, ".aws/config", case["config"])
    write(folder, ".aws/credentials", case["credentials"])
    cache = os.path.join(folder, ".aws/sso/cache")
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    for name, text in case["sso_cache"].items():
        write(folder, f".aws/sso/cache/{name}", text)
    session = botocore.session.Session(profile=case["profile"])
    session.register_component("data_loader", LOADER)
    found = session.get_credentials()
    return None if found is None else found.get_frozen_credentials().access_key


def answer(case):
    with tempfile.TemporaryDirectory() as folder:
        try:
            return access_key(case, folder)
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}


def main():
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)


main()
