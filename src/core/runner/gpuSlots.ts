import { GammaError } from "../../shared/errors";

const mostSlots = 64;

/**
 * What each of a runner's jobs may see, as `CUDA_VISIBLE_DEVICES` says it: a number is so many GPUs from 0 on; a list is of their
 * indices or ids (`0,2`, `GPU-8932f937…`). Throws `settings.invalid`.
 */
export function parseGpus(text: string): readonly string[] {
	const given = text.trim();
	if (/^\d+$/.test(given)) {
		const count = Number(given);
		if (count >= 1 && count <= mostSlots) return Array.from({ length: count }, (_, index) => String(index));
	} else {
		const ids = given.split(",").map((id) => id.trim());
		const named = ids.filter((id) => id !== "");
		const areIds = named.length > 0 && named.every((id) => /^(\d{1,3}|(GPU|MIG)-[\w/-]+)$/.test(id));
		if (areIds && new Set(named).size === named.length && named.length <= mostSlots) return named;
	}
	throw new GammaError(
		"settings.invalid",
		`${JSON.stringify(text)} names no GPUs: give how many there are (--gpus 2), or which (--gpus 0,2; of one alone 2,).`,
	);
}
