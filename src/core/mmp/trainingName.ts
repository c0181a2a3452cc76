/** A text as it stands in a training's name: letters and digits, anything else a dash. */
export function trainingWords(text: string): string {
	return text.replaceAll(/[^a-zA-Z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
}

/** Limit of CreateTrainingJob. */
export const longestTrainingName = 63;
const suffixLength = 6;

/** Another name for a copy of a training: `suffix` are the letters and digits that tell it apart. */
export function nameOfClone(name: string, suffix: string): string {
	const own = name.replace(/-c[0-9a-z]{1,6}$/, "").slice(0, longestTrainingName - suffixLength - 2);
	return `${own.replace(/-+$/, "")}-c${suffix.slice(-suffixLength)}`;
}

/** A sentence where SageMaker would refuse this as a training's name; undefined where it takes it. */
export function problemOfTrainingName(name: string): string | undefined {
	if (name.length > longestTrainingName) return `A training's name has at most ${longestTrainingName} characters.`;
	return /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(name)
		? undefined
		: "A training's name has letters, digits and dashes, and begins and ends with a letter or a digit.";
}
