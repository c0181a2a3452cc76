import { describe, expect, test } from "vitest";
import { findFailureLine } from "../../../../src/core/jobs/failureLine";
import { findTraceback } from "../../../../src/core/jobs/findTraceback";
import { readFrame } from "../../../../src/core/jobs/logFrame";

const find = (text: string) => findTraceback(text.split("\n"));
/** `train.py:88` of each frame. */
const places = (text: string) => find(text)?.frames.map(({ path, line }) => `${path}:${line}`);

const outOfMemory = `Epoch 3: 41%|████▏     | 41/100 [00:12<00:17]
Traceback (most recent call last):
  File "/opt/ml/code/train.py", line 88, in <module>
    main()
    ~~~~^^
  File "/opt/ml/code/src/model.py", line 12, in forward
    return self.net(x)
  File "/usr/lib/python3.11/site-packages/torch/nn/modules/linear.py", line 116, in forward
    return F.linear(input, self.weight, self.bias)
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB
wandb: done`;

describe("a traceback of Python", () => {
	test("begins at its header and ends with its error; its frames are in order, each with its line", () => {
		const found = find(outOfMemory);
		expect(found).toMatchObject({
			fromLine: 1,
			error:
				"torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB",
		});
		expect(places(outOfMemory)).toEqual([
			"/opt/ml/code/train.py:88",
			"/opt/ml/code/src/model.py:12",
			"/usr/lib/python3.11/site-packages/torch/nn/modules/linear.py:116",
		]);
		expect(found?.frames[1]).toMatchObject({ name: "forward", atLine: 5, start: 8, end: 43 });
	});

	test("holds the lines of a CUDA error's message, and not the records after it", () => {
		const text = `Traceback (most recent call last):
  File "train.py", line 3, in <module>
    loss.backward()
RuntimeError: CUDA error: device-side assert triggered
CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.
For debugging consider passing CUDA_LAUNCH_BLOCKING=1
2026-01-01 10:00:00,123 INFO saved

later`;
		expect(find(text)).toMatchObject({
			fromLine: 0,
			toLine: 5,
			error: "RuntimeError: CUDA error: device-side assert triggered",
		});
	});

	test("ends where another line of the program begins, and has the indented lines of its message", () => {
		const text = `Traceback (most recent call last):
  File "train.py", line 3, in <module>
    model.load_state_dict(state)
RuntimeError: Error(s) in loading state_dict for Net:
\tMissing key(s) in state_dict: "fc.weight".
\tUnexpected key(s) in state_dict: "head.weight".
shutting down
shutting down`;
		expect(find(text)).toMatchObject({ fromLine: 0, toLine: 5 });
	});

	test("of a chain is one, told by its last error", () => {
		const text = `Traceback (most recent call last):
  File "data.py", line 3, in load
    return open(path)
FileNotFoundError: [Errno 2] No such file or directory: 'x.npy'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "train.py", line 8, in main
    load("x.npy")
RuntimeError: no data set

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "train.py", line 11, in <module>
    main()
KeyError: 'fallback'
Traceback (most recent call last):
  File "other.py", line 1, in <module>
ValueError: of something else`;
		expect(find(text)).toMatchObject({ fromLine: 0, toLine: 17, error: "KeyError: 'fallback'" });
		expect(places(text)).toEqual(["data.py:3", "train.py:8", "train.py:11"]);
	});

	test("of a data loader's worker is told by the worker's own error", () => {
		const text = `Traceback (most recent call last):
  File "train.py", line 20, in <module>
    for batch in loader:
  File "/venv/site-packages/torch/_utils.py", line 733, in reraise
    raise exception
RuntimeError: Caught RuntimeError in DataLoader worker process 0.
Original Traceback (most recent call last):
  File "/venv/site-packages/torch/utils/data/_utils/worker.py", line 351, in _worker_loop
    data = fetcher.fetch(index)
  File "data.py", line 9, in __getitem__
    return torch.stack(parts)
RuntimeError: stack expects each tensor to be equal size

done`;
		expect(find(text)).toMatchObject({ toLine: 11, error: "RuntimeError: stack expects each tensor to be equal size" });
		expect(places(text)?.at(-1)).toBe("data.py:9");
	});

	test("of one process among others that a launcher prints, and the launcher's own is not the first", () => {
		const text = `[rank1]: Traceback (most recent call last):
[rank1]:   File "/code/train.py", line 5, in <module>
[rank0]: Traceback (most recent call last):
[rank1]:     run()
[rank0]:   File "/code/other.py", line 6, in <module>
[rank1]:
[rank1]: ValueError: rank 1 has no data
[rank0]: KeyboardInterrupt
E1125 10:00:00 api.py:869] failed (exitcode: 1) local_rank: 1`;
		expect(find(text)).toMatchObject({ fromLine: 0, toLine: 6, error: "ValueError: rank 1 has no data" });
		expect(places(text)).toEqual(["/code/train.py:5"]);
	});

	test("is one behind the times that a collector puts before each line", () => {
		const text = `2026-01-01T10:00:00.001Z stderr F Traceback (most recent call last):
2026-01-01T10:00:00.002Z stderr F   File "train.py", line 5, in <module>
2026-01-01T10:00:01.003Z stderr F     run()
2026-01-01T10:00:01.004Z stderr F ValueError: no data`;
		expect(find(text)).toMatchObject({ toLine: 3, error: "ValueError: no data" });
	});

	test("may repeat its lines and have an error without words", () => {
		const text = `Traceback (most recent call last):
  File "a.py", line 1, in f
    def f(n): return f(n+1)
  [Previous line repeated 996 more times]
RecursionError: maximum recursion depth exceeded`;
		expect(find(text)?.error).toBe("RecursionError: maximum recursion depth exceeded");
		expect(find('Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyboardInterrupt\n')?.error).toBe(
			"KeyboardInterrupt",
		);
	});

	test("that is still being printed ends where the log does", () => {
		const text = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    x = ';
		expect(find(text)).toMatchObject({ fromLine: 0, toLine: 2, error: "" });
	});

	test("that Python passed over is not why it failed", () => {
		const ignored =
			'Exception ignored in: <function A.__del__ at 0x7f>\nTraceback (most recent call last):\n  File "a.py", line 1, in __del__\nValueError: late\n';
		expect(find(ignored)).toBeNull();
		expect(find(`${ignored}${outOfMemory}`)?.fromLine).toBe(5);
	});
});

describe("other ways to tell an error", () => {
	test("an exception group is one, with the frames of all its parts", () => {
		const text = `  + Exception Group Traceback (most recent call last):
  |   File "group.py", line 7, in <module>
  |     raise ExceptionGroup("two failed", errors)
  | ExceptionGroup: two failed (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "group.py", line 1, in a
    | ValueError: bad lr
    +------------------------------------
after`;
		expect(find(text)).toMatchObject({
			fromLine: 0,
			toLine: 8,
			error: "ExceptionGroup: two failed (2 sub-exceptions)",
		});
		expect(places(text)).toEqual(["group.py:7", "group.py:1"]);
	});

	test("a script that cannot be parsed has no header", () => {
		const text = 'start\n  File "/code/train.py", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax';
		expect(find(text)).toMatchObject({ fromLine: 1, toLine: 4, error: "SyntaxError: invalid syntax" });
		expect(places(text)).toEqual(["/code/train.py:3"]);
	});

	test("a crash is told by faulthandler, innermost first", () => {
		const text = `Fatal Python error: Segmentation fault

Current thread 0x00007f248546fb80 (most recent call first):
  File "/usr/lib/python3.11/ctypes/__init__.py", line 519 in string_at
  File "train.py", line 4 in <module>

Extension modules: numpy._core (total: 1)`;
		expect(find(text)).toMatchObject({ toLine: 4, error: "Fatal Python error: Segmentation fault" });
		expect(places(text)).toEqual(["train.py:4", "/usr/lib/python3.11/ctypes/__init__.py:519"]);
	});

	test("rich draws a frame around it", () => {
		const text = `╭──────────── Traceback (most recent call last) ────────────╮
│ /code/train.py:88 in main                                  │
│                                                            │
│   85 │   loss = model(x)                                   │
│ ❱ 88 │   loss.backward()                                   │
╰────────────────────────────────────────────────────────────╯
ValueError: no grad`;
		expect(find(text)).toMatchObject({ fromLine: 0, toLine: 6, error: "ValueError: no grad" });
		expect(places(text)).toEqual(["/code/train.py:88"]);
	});

	test("a healthy log has none", () => {
		expect(find('Epoch 1 loss 0.5\nsaved to File "x"\nTraceback of the optimiser: none\n')).toBeNull();
	});

	test.each([
		["train.py: error: unrecognized arguments: --lrr", 1],
		["RuntimeError said: CUDA out of memory", 1],
		["/run.sh: line 3:  1125 Segmentation fault      python3 train.py", 1],
		["/run.sh: line 3: 991 Killed                  python3 train.py", 1],
		["2026-01-01 10:00:00 ERROR the disk is gone", 1],
		["all is well", null],
	])("without Python's words, %s", (line, expected) => {
		expect(findFailureLine(["Epoch 1", line, "bye"])).toBe(expected);
	});
});

test("a line names a place in a file, and says where in the line it stands", () => {
	const named = (line: string) => {
		const frame = readFrame(line);
		return frame && [frame.path, frame.line, frame.name, line.slice(frame.start, frame.end)];
	};
	expect(named('  File "/a b/ü.py", line 12, in <module>')).toEqual([
		"/a b/ü.py",
		12,
		"<module>",
		'/a b/ü.py", line 12',
	]);
	expect(named('  File "C:\\x\\train.py", line 7')).toEqual(["C:\\x\\train.py", 7, null, 'C:\\x\\train.py", line 7']);
	expect(named("/code/train.py:88: UserWarning: old")).toEqual(["/code/train.py", 88, null, "/code/train.py:88"]);
	expect(named("│ src/train.py:88 in main  │")).toEqual(["src/train.py", 88, "main", "src/train.py:88"]);
	expect(named("saved train.py")).toBeNull();
	expect(named('File "", line 3')).toBeNull();
});
