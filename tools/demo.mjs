// Makes the demo project: a git repository with the history of examples/spirals, and real runs, one for each push.
// Nothing here is invented: every run is a training that ran, at the commit it names.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, say } from "./lib/cache.mjs";
import { ask, run } from "./lib/processes.mjs";

const source = join(root, "examples", "spirals");

/** Branches in the order they were pushed: what each changes, and the trainings of that push. */
const pushes = [
	{
		branch: "models",
		from: "main",
		title: "Train with plain gradient descent",
		change: {},
		trainings: [["plain-sgd"]],
		// Git cannot have a branch `models` beside `models/…`: the first one makes room when the second comes.
		renameTo: "models/plain",
	},
	{
		branch: "models/momentum",
		from: "models/plain",
		title: "Add momentum 0.9",
		change: { momentum: 0.9 },
		trainings: [1, 2, 3, 4].map((seed) => [`momentum-seed-${seed}`, "--set", `seed=${seed}`]),
	},
	{
		branch: "models/wider",
		from: "models/momentum",
		title: "Widen the hidden layers to 24 and 16",
		change: { hidden: [24, 16] },
		trainings: [1, 2, 3].map((seed) => [`wider-seed-${seed}`, "--set", `seed=${seed}`]),
	},
	{
		branch: "models/lr-sweep",
		from: "models/momentum",
		title: "Raise the learning rate to 0.3",
		change: { lr: 0.3 },
		trainings: [["lr-0.3"]],
	},
	{
		branch: "models/lr-sweep",
		from: "models/lr-sweep",
		title: "Lower the learning rate to 0.02",
		change: { lr: 0.02 },
		trainings: [["lr-0.02", "--parent", "lr-0.3"]],
	},
	{
		branch: "models/too-hot",
		from: "models/momentum",
		title: "Try a learning rate of 60",
		change: { lr: 60 },
		trainings: [["lr-60"]],
		fails: true,
	},
	{
		branch: "models/cosine",
		from: "models/momentum",
		title: "Let the learning rate fall along a cosine",
		change: { schedule: "cosine" },
		edit: cosine,
		trainings: [["cosine"]],
	},
	{
		branch: "models/spot",
		from: "models/cosine",
		title: "Survive a stopped machine",
		change: {},
		trainings: [["resumed-on-spot", "--interrupt-at", "45"]],
	},
];

/** The code change of `models/cosine`: three places of train.py. */
function cosine(folder) {
	edit(join(folder, "train.py"), [
		[
			"def zero_like(network):",
			'def learning_rate(params, epoch):\n    if params.get("schedule") != "cosine":\n        return params["lr"]\n    return params["lr"] * (1 + math.cos(math.pi * epoch / params["epochs"])) / 2\n\n\ndef zero_like(network):',
		],
		[
			'    for epoch in range(start_epoch, stop_epoch or params["epochs"]):\n',
			'    for epoch in range(start_epoch, stop_epoch or params["epochs"]):\n        rate = learning_rate(params, epoch)\n',
		],
		[
			'rows[first : first + params["batch"]], params)',
			'rows[first : first + params["batch"]], {**params, "lr": rate})',
		],
		['run.metric("train/lr", params["lr"], step)', 'run.metric("train/lr", rate, step)'],
	]);
}

function edit(file, changes) {
	let text = readFileSync(file, "utf8");
	for (const [before, after] of changes) {
		if (!text.includes(before)) throw new Error(`examples/spirals/train.py no longer has: ${before}`);
		text = text.replace(before, () => after);
	}
	writeFileSync(file, text);
}

const identity = {
	GIT_AUTHOR_NAME: "Ada",
	GIT_AUTHOR_EMAIL: "ada@example.com",
	GIT_COMMITTER_NAME: "Ada",
	GIT_COMMITTER_EMAIL: "ada@example.com",
};

/** The demo repository, made on the first call. `python` is the interpreter that trains. */
export async function makeDemo(folder, python) {
	const mark = join(folder, ".git", "gamma-demo-complete");
	if (existsSync(mark)) return folder;
	say("making the demo project: a few trainings, about half a minute");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	cpSync(source, folder, { recursive: true });
	const env = { ...process.env, ...identity, USER: "ada", PYTHONDONTWRITEBYTECODE: "1" };
	const git = (...args) => run("git", args, { cwd: folder, env, quiet: true });
	const train = async ([name, ...options], fails = false) => {
		const args = ["train.py", "--name", name, ...options.map((option) => runIdOf(folder, option) ?? option)];
		const ended = await new Promise((resolve) =>
			spawn(python, args, { cwd: folder, env, stdio: "ignore" }).on("exit", resolve),
		);
		if ((ended !== 0) !== fails) throw new Error(`the demo's training ${name} ended with ${ended}`);
	};

	writeFileSync(join(folder, ".gitignore"), "mlruns/\n__pycache__/\n");
	await git("init", "-q", "-b", "main");
	await git("add", "-A");
	await git("commit", "-q", "-m", "Learn to tell two spirals apart");
	for (const push of pushes) {
		await git(
			"checkout",
			"-q",
			push.branch === push.from ? push.branch : "-B",
			...(push.branch === push.from ? [] : [push.branch, push.from]),
		);
		const params = { ...JSON.parse(readFileSync(join(folder, "params.json"), "utf8")), ...push.change };
		writeFileSync(join(folder, "params.json"), `${JSON.stringify(params, null, 2)}\n`);
		push.edit?.(folder);
		await git("commit", "-q", "--allow-empty", "-a", "-m", push.title);
		for (const training of push.trainings) await train(training, push.fails);
		if (push.renameTo) await git("branch", "-m", push.branch, push.renameTo);
	}
	// One training with a change that was never committed: the run keeps the difference.
	await git("checkout", "-q", "models/cosine");
	edit(join(folder, "params.json"), [['"batch": 8', '"batch": 4']]);
	await train(["small-batch-not-committed"]);
	await git("checkout", "-q", "--", "params.json");
	writeFileSync(mark, "");
	return folder;
}

/** Turns the name of an earlier training, given as `--parent`, into its run's id. */
function runIdOf(folder, name) {
	const found = ask("grep", "-rlxF", name, join(folder, "mlruns"), "--include=mlflow.runName");
	return found?.split("\n")[0]?.split("/").at(-3);
}

/** One training that goes on while you look; ends with this process. Paced so that it lasts about 20 minutes. */
export function trainLive(folder, python) {
	const args = ["train.py", "--name", "live", "--pace", "0.2", "--set", "epochs=300", "--set", "lr=0.03"];
	const env = { ...process.env, USER: "ada", PYTHONDONTWRITEBYTECODE: "1" };
	const child = spawn(python, args, { cwd: folder, env, stdio: "ignore" });
	process.on("exit", () => child.kill("SIGINT"));
	return child;
}
