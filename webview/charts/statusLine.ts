/** Where the panel says what happened: read out by screen readers, gone from sight after a while. */
const shownMs = 6000;

let line: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a sentence to eyes and ears. */
export function say(text: string): void {
	announce(text);
	if (!line) return;
	line.classList.toggle("seen", text !== "");
	clearTimeout(timer);
	timer = setTimeout(() => line?.classList.remove("seen"), shownMs);
}

/** Says it to screen readers alone. */
export function announce(text: string): void {
	if (!line) {
		line = document.createElement("div");
		line.className = "status-line";
		line.setAttribute("role", "status");
		document.body.append(line);
	}
	line.textContent = text;
}
