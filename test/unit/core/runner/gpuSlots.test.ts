import { expect, test } from "vitest";
import { parseGpus } from "../../../../src/core/runner/gpuSlots";
import { GammaError } from "../../../../src/shared/errors";

test.each([
	["1", ["0"]],
	["3", ["0", "1", "2"]],
	["0,2", ["0", "2"]],
	["5,", ["5"]],
	[" 1 , 0 ", ["1", "0"]],
	["GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", ["GPU-8932f937-d72c-4106-c12f-20bd9faed9f6"]],
	["MIG-GPU-8932f937/1/0,3", ["MIG-GPU-8932f937/1/0", "3"]],
])("%j is %j", (text, slots) => {
	expect(parseGpus(text)).toEqual(slots);
});

test.each(["", "0", "65", "-1", "1.5", "a", "0,0", ",", "0;1", "GPU-x y", "99999999999"])("%j is refused", (text) => {
	const parse = () => parseGpus(text);
	expect(parse).toThrow(GammaError);
	expect(parse).toThrow(/names no GPUs: give how many there are/);
});
