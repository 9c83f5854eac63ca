"""Serves a client's verbs: one JSON call a line on standard input, one answer a line on standard
output (tests/interop/program.ts). A verb is a function of the same name that takes the call."""

import base64
import json
import sys


def encode(data):
    return None if data is None else base64.b64encode(data).decode()


def decode(text):
    return None if text is None else base64.b64decode(text)


def serve(answer):
    """Answers calls through `answer(call) -> dict` until standard input ends."""
    for text in sys.stdin:
        try:
            reply = {"result": answer(json.loads(text)) or {}}
        except Exception as error:  # noqa: BLE001 - every failure is the answer
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
