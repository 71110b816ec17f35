"""What botocore writes into the Authorization header of a request.

Reads a JSON list of requests on stdin and prints the list of headers. A request is

  {"method": M, "url": U, "headers": {NAME: VALUE, ...}, "body": BASE64,
   "service": S, "region": R, "access_key_id": K, "secret_access_key": X}

with the headers that are to be signed; the time is that of their x-amz-date.
"""

import base64
import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def authorization(case):
    credentials = Credentials(case["access_key_id"], case["secret_access_key"])
    auth = SigV4Auth(credentials, case["service"], case["region"])
    request = AWSRequest(
        method=case["method"],
        url=case["url"],
        headers=case["headers"],
        data=base64.b64decode(case["body"]),
    )
    # What add_auth does, except for asking the clock.
    request.context["timestamp"] = request.headers["X-Amz-Date"]
    canonical = auth.canonical_request(request)
    text = auth.string_to_sign(request, canonical)
    auth._inject_signature_to_request(request, auth.signature(text, request))
    return request.headers["Authorization"]


print(json.dumps([authorization(case) for case in json.load(sys.stdin)]))
