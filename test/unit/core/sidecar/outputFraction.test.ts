import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputParser } from "../../../../src/core/sidecar/outputParser";

/** How far the parser says a training is after each text. */
function fractionsOf(texts: readonly string[]): (number | null)[] {
	const parser = new OutputParser();
	return texts.map((text) => {
		parser.push("stdout", new TextEncoder().encode(text), 0);
		return parser.fraction === null ? null : Math.round(parser.fraction * 1000) / 1000;
	});
}

test.each([
	[
		"an epoch's metrics come at its end",
		["epoch 1/4  step 9  loss=0.5\n", "epoch 2/4 loss=0.4\n", "epoch 4/4 loss=0.3\n"],
		[0.25, 0.5, 1],
	],
	["a title comes at its beginning", ["Epoch 1/4\n", "Epoch 3/4\n"], [0, 0.5]],
	[
		"Keras: a title, then bars within the epoch",
		[
			"Epoch 2/4\n",
			"\r50/100 ━━━━━━━━━━ 1s 5ms/step - loss: 0.5",
			"\r100/100 ━━━━━━━━━━ 1s 5ms/step - loss: 0.4\n",
			"Epoch 3/4\n",
		],
		[0.25, 0.25, 0.5, 0.5],
	],
	["tqdm with a title", ["Epoch 3/4:  50%|█████     | 5/10 [00:01<00:01, loss=0.5]\n"], [0.625]],
	["a bar over all steps", [" 25%|██▌       | 250/1000 [00:10<00:30, 25.00it/s]\n"], [0.25]],
	["steps of all steps", ["[step 30/120] loss=0.2\n", "step 60 of 120 loss=0.2\n"], [0.25, 0.5]],
	["epochs from zero", ["epoch 0/3 loss=1\n", "epoch 2/3 loss=1\n"], [0.333, 1]],
	["nothing is known of all", ["epoch 3 loss=1\n", "step 3 loss=1\n", "hello 3/4\n"], [null, null, null]],
	["it does not go back", ["epoch 3/4 loss=1\n", "epoch 1/4 loss=1\n"], [0.75, 0.75]],
	["more than all is passed by", ["epoch 7/4 loss=1\n", "step 2/0 loss=1\n"], [null, null]],
	["a unit is no total", ["epoch 3 /4ms loss=1\n"], [null]],
])("%s", (_, texts, expected) => {
	expect(fractionsOf(texts)).toEqual(expected);
});

test("it is null or between 0 and 1 and only grows, whatever is printed", () => {
	const word = fc.oneof(
		fc.constantFrom("epoch ", "Epoch ", "step ", "/", " of ", "\n", "\r", "50%|███", " loss=0.5 ", "[", "]", "0"),
		fc.nat({ max: 50 }).map(String),
	);
	fc.assert(
		fc.property(fc.array(word, { maxLength: 60 }), (words) => {
			let last = 0;
			for (const fraction of fractionsOf(words)) {
				if (fraction === null) continue;
				expect(fraction).toBeGreaterThanOrEqual(last);
				expect(fraction).toBeLessThanOrEqual(1);
				last = fraction;
			}
		}),
	);
});
