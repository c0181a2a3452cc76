import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMetricDefinition } from "../../../../src/core/sidecar/metricDefinition";
import { longestLine } from "../../../../src/core/sidecar/outputLines";
import { OutputParser } from "../../../../src/core/sidecar/outputParser";
import type { OutputPoint } from "../../../../src/core/sidecar/outputPoint";

const encoder = new TextEncoder();

function parse(text: string, definitions: readonly string[] = []): (readonly [string, number, number | null])[] {
	const parser = new OutputParser(definitions.map(parseMetricDefinition));
	const points = [...parser.push("stdout", encoder.encode(text), 7), ...parser.end(7)];
	return points.map(({ key, value, step }) => [key, value, step] as const);
}

describe("pairs beside an epoch or a step", () => {
	test.each([
		["Epoch 5, Loss: 0.234\n", [["Loss", 0.234, 5]]],
		[
			"Epoch 3/10 - 12s - loss: 0.41 - val_acc: 0.88\n",
			[
				["loss", 0.41, 3],
				["val_acc", 0.88, 3],
			],
		],
		[
			"[step 1200] train/loss=0.31 lr=3e-4\n",
			[
				["train/loss", 0.31, 1200],
				["lr", 3e-4, 1200],
			],
		],
		["Epoch [2/5], Step [100/600], Loss: 2.1\n", [["Loss", 2.1, 100]]],
		["iter 250: loss 2.4, time: 12.5ms, mfu=31.2%\n", [["mfu", 31.2, 250]]],
		[
			"epoch=1 loss=nan grad=-inf other=inf\n",
			[
				["loss", Number.NaN, 1],
				["grad", -Infinity, 1],
				["other", Infinity, 1],
			],
		],
		["2026-01-02 12:33:11,123 [train.py:45] INFO - Epoch 4: train_loss=0.3 (best)\n", [["train_loss", 0.3, 4]]],
		[
			"Epoch 1 | Train Loss: 0.5 | Val Loss: 0.7.\n",
			[
				["Train Loss", 0.5, 1],
				["Val Loss", 0.7, 1],
			],
		],
		["Train Epoch: 2 [1280/60000 (2%)]\tLoss: 0.512\n", [["Loss", 0.512, 2]]],
		["step: 3 loss: np.float64(0.25)\n", [["loss", 0.25, 3]]],
		["epoch 2 metrics/mAP50(B)=0.4\n", [["metrics/mAP50B", 0.4, 2]]],
		["\u001b[32mEpoch 7\u001b[0m \u001b[1mloss\u001b[0m=\u001b[31m0.5\u001b[0m\r\n", [["loss", 0.5, 7]]],
		["Epoch 9 loss=0.75", [["loss", 0.75, 9]]],
	])("%j", (text, expected) => expect(parse(text)).toEqual(expected));
});

test.each([
	"The loss: 3 and the ratio=4 were measured elsewhere.\n",
	"Epoch 3 started at 2026-01-02 12:33:11\n",
	"Step 2: open http://localhost:8080/x?a=1 or 127.0.0.1:5000\n",
	"epoch 1 torch==2.1.0 version=1.2.3 cuda: 12.1.105\n",
	"step 4 ETA: 0:12:33 elapsed: 12s memory=2.61G peak: 512 MB\n",
	"epochs: 10, batch_size=32\n",
	"Epoch 5 saved to /data/run=3/ckpt:7/x.pt\n",
	"epoch 1 count=1,234 date=2026-01-02\n",
	'  File "train.py:12", step: 3\n',
])("no metric is made of %j", (text) => expect(parse(text)).toEqual([]));

test("tqdm: the last state of each epoch's bar counts, and speeds are no metrics", () => {
	const bar = (epoch: number, done: number, loss: number) =>
		`\rEpoch ${epoch}:  ${done * 25}%|██▌  | ${done}/4 [00:01<00:02, 30.1it/s, loss=${loss}]`;
	const text = `${bar(1, 0, 9)}${bar(1, 2, 3)}${bar(1, 4, 2)}${bar(1, 4, 2)}\n${bar(2, 1, 1.9)}${bar(2, 4, 1)}\n`;
	expect(parse(text)).toEqual([
		["loss", 2, 1],
		["loss", 1, 2],
	]);
});

test("tqdm over all steps: each state is a point at its step", () => {
	const text = "\r 25%|██▌  | 1/4 [00:01<00:02, loss=3]\r 50%|██▌  | 2/4 [00:01<00:02, loss=2]\n";
	expect(parse(text)).toEqual([
		["loss", 3, 1],
		["loss", 2, 2],
	]);
});

test("a bar that draws for minutes is seen before its epoch ends", () => {
	const parser = new OutputParser();
	const seen: OutputPoint[] = [];
	for (let second = 0; second <= 70; second += 5) {
		const text = `\rEpoch 0: ${second}%|██ | ${second}/100 [x, loss=${100 - second}]`;
		seen.push(...parser.push("stderr", encoder.encode(text), second * 1000));
	}
	expect(seen.map(({ step }) => step)).toEqual([0, 0]);
});

test("Keras: the numbers at an epoch's end, those of the validation with them", () => {
	const text =
		"Epoch 1/2\n\r\u001b[1m 1/10\u001b[0m \u001b[32m━━\u001b[0m \u001b[1m2s\u001b[0m 180ms/step - accuracy: 0.1 - loss: 2.3" +
		"\b\b\b\b\r\u001b[1m10/10\u001b[0m ━━━━ 0s 12ms/step - accuracy: 0.5 - loss: 1.2 - val_loss: 1.5\nEpoch 2/2\n" +
		"10/10 [==============================] - 1s 10ms/step - loss: 0.9 - val_loss: 1.1\n";
	expect(parse(text)).toEqual([
		["accuracy", 0.5, 1],
		["loss", 1.2, 1],
		["val_loss", 1.5, 1],
		["loss", 0.9, 2],
		["val_loss", 1.1, 2],
	]);
});

test("Lightning's bars", () => {
	const text =
		"\rEpoch 0: 100%|██████████| 32/32 [00:01<00:00, 20.1it/s, v_num=3, train_loss=0.41]\n" +
		"\rEpoch 1/9 ━━━━━ 32/32 0:00:01 • 0:00:00 20.1it/s v_num: 3.000 train_loss: 0.31\n";
	expect(parse(text)).toEqual([
		["train_loss", 0.41, 0],
		["train_loss", 0.31, 1],
	]);
});

test("Ultralytics' tables", () => {
	const head = "      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n";
	const row = (done: number, loss: number) =>
		`\r        1/3      2.61G      ${loss}      1.398      1.192         81        640: ${done}%|████| ${done}/100 [00:02<00:00,  3.8it/s]`;
	const validation =
		"\r                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|████| 4/4 [00:01<00:00]\n" +
		"                   all        128        929       0.64      0.537      0.605      0.446\n";
	expect(parse(`${head}${row(50, 9)}${row(100, 1.153)}\n${validation}`)).toEqual([
		["box_loss", 1.153, 1],
		["cls_loss", 1.398, 1],
		["dfl_loss", 1.192, 1],
		["P", 0.64, 1],
		["R", 0.537, 1],
		["mAP50", 0.605, 1],
		["mAP50-95", 0.446, 1],
	]);
});

test("Hugging Face's dictionaries, at whole epochs and at parts of one", () => {
	expect(parse("{'loss': 0.3, 'learning_rate': 5e-05, 'epoch': 1.0}\n{'eval_loss': '0.25', 'epoch': '2.0'}\n")).toEqual(
		[
			["loss", 0.3, 1],
			["learning_rate", 5e-5, 1],
			["eval_loss", 0.25, 2],
		],
	);
	expect(parse("\r 5%|▌ | 500/10000 [00:01<00:02]\n{'loss': 0.3, 'epoch': 0.5}\n")).toEqual([
		["loss", 0.3, 500],
		["epoch", 0.5, 500],
	]);
});

test("a JSON line wins over whatever else is printed under its names", () => {
	const text =
		'INFO {"step": 1, "metrics": {"loss": 0.123456, "bad": NaN, "up": -Infinity, "note": "x"}}\nstep 1 loss=0.12 acc=0.5\n';
	expect(parse(text)).toEqual([
		["loss", 0.123456, 1],
		["bad", Number.NaN, 1],
		["up", -Infinity, 1],
		["acc", 0.5, 1],
	]);
});

test("SageMaker's metric definitions take the first group, and win over pairs", () => {
	const text = "Epoch 2 loss=0.5\nvalidation score 0.75;\n";
	expect(parse(text, ["loss=loss=([0-9.]+)", "val=score ([0-9.]+)"])).toEqual([
		["loss", 0.5, 2],
		["val", 0.75, 2],
	]);
	expect(() => parseMetricDefinition("loss=loss")).toThrow(/group/);
	expect(() => parseMetricDefinition("loss=(")).toThrow(/cannot be read/);
	expect(() => parseMetricDefinition("loss")).toThrow(/NAME=REGEX/);
});

test("a line without end is bounded, and the next one is read", () => {
	expect(parse(`epoch 1 ${"x".repeat(longestLine)} loss=1\nepoch 2 loss=2\n`)).toEqual([["loss", 2, 2]]);
});

const fragments = fc.constantFrom(
	"Epoch 1/3\n",
	"épôch 1 → loss=0.5 ✓\n",
	"epoch 2 loss=0.25 名前=3\n",
	"\rEpoch 3: 50%|██▌ | 2/4 [x, loss=1.5]",
	"\u001b[32mstep 4\u001b[0m acc: 0.9\r\n",
	'{"step": 5, "metrics": {"loss": NaN}}\n',
	"{'loss': 0.3, 'epoch': 1.0}\n",
	"\n",
	"\r",
	"100/100 ━━━ 2s - loss: 1.25 - val_loss: inf\n",
);

test("any cut into writes gives the same points", () => {
	const chunked = fc.tuple(
		fc.array(fc.oneof({ weight: 4, arbitrary: fragments }, fc.string({ unit: "binary", maxLength: 12 })), {
			maxLength: 12,
		}),
		fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
	);
	fc.assert(
		fc.property(chunked, ([parts, sizes]) => {
			const text = parts.join("");
			const bytes = encoder.encode(text);
			const parser = new OutputParser();
			const points: OutputPoint[] = [];
			for (let at = 0, cut = 0; at < bytes.length; cut++) {
				const size = sizes[cut % sizes.length] ?? 1;
				points.push(...parser.push("stdout", bytes.subarray(at, at + size), 7));
				at += size;
			}
			points.push(...parser.end(7));
			expect(points.map(({ key, value, step }) => [key, value, step])).toEqual(parse(text));
		}),
		{ numRuns: 500 },
	);
});

test.each([
	"step ",
	"epoch 1 a=",
	"epoch 1 [=[==",
	"epoch 1 '\":",
	'{"metrics" \\"',
	"epoch 1 train train ",
	"1/",
	"\u001b[1",
	"epoch 1 ((((a.b-",
	"{'a': 1",
])("time grows with the length alone: %j over and over", (unit) => {
	const measure = (length: number) => {
		const bytes = encoder.encode(`${unit.repeat(Math.ceil(length / unit.length)).slice(0, length)}\n`);
		const began = performance.now();
		new OutputParser().push("stdout", bytes, 7);
		return performance.now() - began;
	};
	measure(100_000);
	// A quadratic reader would take minutes over a million characters.
	expect(measure(1_000_000)).toBeLessThan(3000);
});
