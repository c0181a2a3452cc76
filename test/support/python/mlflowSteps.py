"""Changes a store through the real MLflow client, one step a line of stdin, and answers each with a line of JSON.

mlflowSteps.py TRACKING_URI; a step is a JSON list: a method of MlflowClient, then its positional arguments.
"""

import json
import sys

from mlflow.tracking import MlflowClient

client = MlflowClient(sys.argv[1])
for line in sys.stdin:
    method, *arguments = json.loads(line)
    answer = getattr(client, method)(*arguments)
    if method == "create_run":
        answer = answer.info.run_id
    print(json.dumps({"answer": answer if isinstance(answer, str) else None}), flush=True)
