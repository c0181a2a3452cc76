/** The step that a checkpoint's path names: `epoch=3-step=1200.ckpt` 1200, `checkpoint-500/model.bin` 500, `epoch_7.pt` 7; null for `resnet50.pt`. */
export function stepOfPath(path: string): number | null {
	const text = path.slice(-1000).replace(/\.[A-Za-z][A-Za-z0-9]{0,12}$/, "");
	for (const word of ["(?:step|iter|iteration)s?", "(?:checkpoint|ckpt)", "(?:epoch|ep)"]) {
		const found = lastOf(text, new RegExp(`(?:^|[^A-Za-z])${word}[-_=.]?(\\d{1,15})(?![A-Za-z\\d])`, "gi"));
		if (found !== null) return found;
	}
	return lastOf(text, /(?:^|[-_=/])(\d{1,15})(?=$|[-_=/.])/g);
}

function lastOf(text: string, pattern: RegExp): number | null {
	let last: number | null = null;
	for (const match of text.matchAll(pattern)) last = Number(match[1]);
	return last;
}
