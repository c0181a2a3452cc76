let ruler: CanvasRenderingContext2D | null = null;

/** Letters of a long name's end that stay: that is where names differ. */
const endLength = 10;

/** The text, without its middle where it is wider than there is room. */
export function fittedText(text: string, width: number, font: string): string {
	ruler ??= document.createElement("canvas").getContext("2d");
	if (!ruler) return text;
	ruler.font = font;
	if (ruler.measureText(text).width <= width) return text;
	const letters = [...text];
	const end = letters.slice(-endLength).join("");
	let [fits, tooLong] = [0, Math.max(1, letters.length - endLength)];
	while (tooLong - fits > 1) {
		const middle = (fits + tooLong) >> 1;
		if (ruler.measureText(`${letters.slice(0, middle).join("")}…${end}`).width <= width) fits = middle;
		else tooLong = middle;
	}
	return `${letters.slice(0, fits).join("")}…${end}`;
}
