"""What botocore makes of shared files, environment and options.

Reads a JSON list of cases on stdin and prints the list of answers. A case is one of

  {"parse": TEXT}                                what the file's sections and profiles are
  {"service": S, "region": R, "fips": B, "dual_stack": B}    AWS's own endpoint
  {"config": TEXT, "credentials": TEXT, "env": {...}, "service": S,
   "options": {"region", "profile", "endpoint_url"}}         a whole session

and what botocore refuses is answered with {"refused": REASON}.
"""

import json
import os
import sys
import tempfile

import botocore.configloader
import botocore.endpoint_provider
import botocore.exceptions
import botocore.loaders
import botocore.session

LOADER = botocore.loaders.create_loader()
CLIENT_NAMES = {"elasticloadbalancing": "elbv2", "oidc": "sso-oidc", "portal.sso": "sso"}


def client_name(service):
    return CLIENT_NAMES.get(service, service)


def parse(text, folder):
    path = os.path.join(folder, "parse")
    with open(path, "wb") as file:
        file.write(text.encode())
    sections = botocore.configloader.raw_config_parse(path)
    profiles = botocore.configloader.build_profile_map(sections)
    kinds = ("profiles", "sso_sessions", "services")
    return {"sections": sections} | {kind: profiles[kind] for kind in kinds}


def aws_endpoint(case):
    name = client_name(case["service"])
    rules = LOADER.load_service_model(name, "endpoint-rule-set-1")
    provider = botocore.endpoint_provider.EndpointProvider(rules, LOADER.load_data("partitions"))
    endpoint = provider.resolve_endpoint(
        Region=case["region"], UseFIPS=case["fips"], UseDualStack=case["dual_stack"]
    )
    return endpoint.url


def new_session(options):
    session = botocore.session.Session(profile=options.get("profile"))
    session.register_component("data_loader", LOADER)
    return session


def endpoint_of(session, case):
    """The URL that requests go to, which is not always client.meta.endpoint_url."""
    client = session.create_client(
        client_name(case["service"]),
        region_name=case["options"].get("region"),
        endpoint_url=case["options"].get("endpoint_url"),
        aws_access_key_id="dummy",
        aws_secret_access_key="dummy",
    )
    model = client.meta.service_model
    endpoint = client._ruleset_resolver.construct_endpoint(
        operation_model=model.operation_model(model.operation_names[0]),
        call_args={},
        request_context={"client_config": client.meta.config},
    )
    return {"region": client.meta.region_name, "endpoint": endpoint.url.rstrip("/")}


def credentials_of(session):
    found = session.get_credentials()
    if found is None:
        return None
    keys = found.get_frozen_credentials()
    return [keys.access_key, keys.secret_key, keys.token or ""]


def or_refused(function, *arguments):
    try:
        return function(*arguments)
    except (botocore.exceptions.BotoCoreError, ValueError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}


def session(case, folder):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(case["env"])
    os.environ["HOME"] = folder
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.makedirs(os.path.join(folder, ".aws"), exist_ok=True)
    for name in ("config", "credentials"):
        with open(os.path.join(folder, ".aws", name), "wb") as file:
            file.write(case[name].encode())
    return {
        "client": or_refused(lambda: endpoint_of(new_session(case["options"]), case)),
        "credentials": or_refused(lambda: credentials_of(new_session(case["options"]))),
    }


def answer(case, folder):
    if "parse" in case:
        return or_refused(parse, case["parse"], folder)
    if "env" in case:
        return session(case, folder)
    return or_refused(aws_endpoint, case)


def main():
    with tempfile.TemporaryDirectory() as folder:
        json.dump([answer(case, folder) for case in json.load(sys.stdin)], sys.stdout)


main()
