"""Steps MuJoCo models in Python and prints their states as one JSON document.

Standard input: [{"path": ..., "keyframe": ... or null, "steps": [100, 1000]}]; the controls are 0.3 sin(step / 50 + actuator).
"""

import json
import math
import sys

import mujoco

answers = []
for order in json.load(sys.stdin):
    model = mujoco.MjModel.from_xml_path(order["path"])
    data = mujoco.MjData(model)
    if order["keyframe"]:
        mujoco.mj_resetDataKeyframe(model, data, model.key(order["keyframe"]).id)
    states = []
    for step in range(max(order["steps"])):
        for at in range(model.nu):
            data.ctrl[at] = 0.3 * math.sin(step / 50 + at)
        mujoco.mj_step(model, data)
        if step + 1 in order["steps"]:
            states.append(data.qpos.tolist())
    answers.append({"nq": model.nq, "states": states})
json.dump({"version": mujoco.__version__, "answers": answers}, sys.stdout)
