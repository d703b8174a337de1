"""Runs Python code on request, so that a program in another language can use DataJoint for Python.

Requests and answers are JSON, one a line, on standard input and output:

    {"id": 1, "code": "Session.insert(rows)\nlen(Session())", "values": {"rows": [...]}}
    {"id": 1, "value": 3}
    {"id": 2, "error": {"type": "DuplicateError", "bases": ["DuplicateError", "QueryError", ...], "message": "..."}}

Code runs in one namespace for as long as the worker lives, like the cells of a notebook: classes stay defined, and the
value of the last expression is the answer. Values are bound to their names first. The end of the input ends the worker.
"""

import ast
import json
import os
import traceback

import prelude
import wire


def run(code, namespace):
    """Execute the code; give the value of its last statement where that is an expression, else None."""
    tree = ast.parse(code, "<request>")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<request>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<request>", "eval"), namespace) if last else None


def answer(request, namespace):
    """What the code came to: its value, or the exception that it ended with."""
    try:
        namespace.update({name: wire.decode(value) for name, value in request.get("values", {}).items()})
        return {"value": wire.encode(run(request["code"], namespace))}
    except Exception as error:
        traceback.print_exc()
        bases = [each.__name__ for each in type(error).__mro__ if each not in (object, BaseException)]
        return {"error": {"type": type(error).__name__, "bases": bases, "message": str(error)}}


def main():
    # What libraries print must not come between the answers: standard output becomes standard error for them.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = os.fdopen(0, "r", encoding="utf-8")
    namespace = {"__name__": "request", **{name: getattr(prelude, name) for name in prelude.__all__}}
    for line in requests:
        request = json.loads(line)
        response = {"id": request["id"], **answer(request, namespace)}
        answers.write(json.dumps(response, allow_nan=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
