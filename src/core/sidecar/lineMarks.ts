/** Where a line says the training is. */
export interface LineMarks {
	readonly epoch: number | null;
	/** Of `Epoch 3/10`: the ten. */
	readonly epochs: number | null;
	/** The epoch stands before the progress bar, as its title does. */
	readonly isEpochTitle: boolean;
	readonly step: number | null;
	readonly steps: number | null;
	readonly bar: Bar | null;
}

/** A progress bar: tqdm's, Keras's, rich's. */
export interface Bar {
	readonly done: number | null;
	readonly total: number | null;
}

const epochWord = /(?:^|[^A-Za-z0-9])epoch['"]?[ \t]{0,4}[:=#]?[ \t]{0,4}[[(]?[ \t]{0,8}(\d{1,15})(\.\d{1,20})?/i;
const stepWord =
	/(?:^|[^A-Za-z0-9])(?:global[_ ]?step|step|iter|iteration)['"]?[ \t]{0,4}[:=#]?[ \t]{0,4}[[(]?[ \t]{0,8}(\d{1,15})(?![\d.]*[A-Za-z])/i;
/** tqdm's `45%|███`, rich's and Keras's lines and blocks, the older `[====>....]`, and tqdm without a total, `45it [`. */
const barSign = /\d%\||[█▉▊▋▌▍▎▏━╸╺]|[[][=>#][.>#= ]{0,200}\]|\d(?:it|batch|ba) \[\d/;
const openCount = /(?:^|[^\d.])(\d{1,15})(?:it|batch|ba) \[\d/;
const fraction = /(?:^|[\s|[(])(\d{1,15})\/(\d{1,15})(?=$|[\s\])|,:])/g;
const ofAll = /^[ \t]{0,4}(?:\/|of[ \t])[ \t]{0,4}(\d{1,15})(?![\d.]*[A-Za-z\d])/;
const headLength = 4096;

/** Null for a line that says neither an epoch, a step nor how far something is. Marks stand in a line's first 4,096 characters. */
export function readMarks(line: string): LineMarks | null {
	const head = line.length > headLength ? line.slice(0, headLength) : line;
	const epoch = epochWord.exec(head);
	const step = stepWord.exec(head);
	const sign = barSign.exec(head);
	if (epoch === null && step === null && sign === null) return null;
	const isEpochTitle = epoch !== null && sign !== null && epoch.index < sign.index;
	return {
		epoch: epoch === null ? null : Number(epoch[1] ?? ""),
		epochs: totalBehind(head, epoch),
		isEpochTitle,
		step: step === null ? null : Number(step[1]),
		steps: totalBehind(head, step),
		bar: sign === null ? null : readBar(head, epoch === null ? 0 : epoch.index + epoch[0].length, isEpochTitle),
	};
}

function totalBehind(head: string, count: RegExpExecArray | null): number | null {
	const found = count === null ? null : ofAll.exec(head.slice(count.index + count[0].length, count.index + 80));
	return found === null ? null : Number(found[1]);
}

function readBar(head: string, epochEnd: number, isEpochTitle: boolean): Bar {
	fraction.lastIndex = isEpochTitle ? epochEnd : 0;
	const found = fraction.exec(head);
	if (found !== null) return { done: Number(found[1]), total: Number(found[2]) };
	const count = openCount.exec(head);
	return { done: count === null ? null : Number(count[1]), total: null };
}
