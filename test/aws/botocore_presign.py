"""Signs GETs as botocore does: in their query. Reads from stdin a list of cases, as JSON, and writes the URL of each:

    {"endpoint": ..., "parameters": [[name, value], ...], "service": ..., "region": ..., "id": ..., "secret": ...,
     "token": ... or null, "time": "2026-11-23T00:16:00.000Z", "lasts": seconds}
"""

import datetime
import json
import sys
import unittest.mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials


def presigned(case):
    credentials = botocore.credentials.Credentials(case["id"], case["secret"], case["token"])
    now = datetime.datetime.strptime(case["time"], "%Y-%m-%dT%H:%M:%S.%fZ")
    url = case["endpoint"] if case["endpoint"].count("/") > 2 else case["endpoint"] + "/"
    request = botocore.awsrequest.AWSRequest(method="GET", url=url, params=dict(case["parameters"]))
    signer = botocore.auth.SigV4QueryAuth(credentials, case["service"], case["region"], expires=case["lasts"])
    with unittest.mock.patch("botocore.auth.get_current_datetime", return_value=now):
        signer.add_auth(request)
    return request.url


print(json.dumps([presigned(case) for case in json.load(sys.stdin)]))
