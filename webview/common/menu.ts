export interface MenuEntry {
	readonly label: string;
	/** Shown at the right, e.g. a key. */
	readonly hint?: string;
	/** A choice that is on or off shows a tick. */
	readonly checked?: boolean;
	readonly run: () => void;
}

let close: (() => void) | null = null;

/**
 * A menu beside its button, as VS Code's own: arrows move, Enter takes, Escape closes and gives the focus back. It hangs
 * on the body, outside everything that live states draw anew, and stays open while they do.
 */
export function openMenu(anchor: HTMLElement, entries: readonly (MenuEntry | "separator")[]): void {
	close?.();
	const menu = document.createElement("div");
	menu.className = "menu";
	menu.setAttribute("role", "menu");
	menu.setAttribute("aria-label", anchor.getAttribute("aria-label") ?? "Menu");
	const rows: HTMLButtonElement[] = [];
	for (const entry of entries) {
		if (entry === "separator") {
			const line = document.createElement("hr");
			menu.append(line);
			continue;
		}
		const row = document.createElement("button");
		row.type = "button";
		row.tabIndex = -1;
		const isChoice = entry.checked !== undefined;
		row.setAttribute("role", isChoice ? "menuitemcheckbox" : "menuitem");
		if (isChoice) row.setAttribute("aria-checked", String(entry.checked));
		const tick = document.createElement("span");
		tick.className = entry.checked ? "codicon codicon-check" : "no-tick";
		tick.setAttribute("aria-hidden", "true");
		const label = document.createElement("span");
		label.textContent = entry.label;
		row.append(tick, label);
		if (entry.hint) {
			const hint = document.createElement("span");
			hint.className = "hint";
			hint.textContent = entry.hint;
			row.append(hint);
		}
		row.addEventListener("click", () => {
			close?.();
			entry.run();
		});
		rows.push(row);
		menu.append(row);
	}
	document.body.append(menu);
	place(menu, anchor);
	anchor.setAttribute("aria-expanded", "true");

	const outside = (event: Event) => {
		if (event.target instanceof Node && menu.contains(event.target)) return;
		// The button itself closes its menu by its own click.
		if (event.target instanceof Node && anchor.contains(event.target)) event.stopPropagation();
		close?.();
	};
	close = () => {
		close = null;
		document.removeEventListener("pointerdown", outside, true);
		window.removeEventListener("blur", outside);
		menu.remove();
		anchor.setAttribute("aria-expanded", "false");
		if (anchor.isConnected) anchor.focus({ preventScroll: true });
	};
	document.addEventListener("pointerdown", outside, true);
	window.addEventListener("blur", outside);
	menu.addEventListener("keydown", (event) => {
		const at = rows.indexOf(document.activeElement as HTMLButtonElement);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
		if (to !== undefined) rows[(to + rows.length) % rows.length]?.focus();
		else if (event.key === "Escape" || event.key === "Tab") close?.();
		else if (event.key !== "Enter" && event.key !== " ") return;
		if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
		event.stopPropagation();
	});
	rows[0]?.focus({ preventScroll: true });
}

/** Below the anchor, its right edges in line; above or shifted where the window ends. */
export function place(element: HTMLElement, anchor: HTMLElement): void {
	const at = anchor.getBoundingClientRect();
	const { width, height } = element.getBoundingClientRect();
	const left = Math.max(4, Math.min(at.right - width, window.innerWidth - width - 4));
	const below = at.bottom + 2;
	const top = below + height > window.innerHeight - 4 ? Math.max(4, at.top - height - 2) : below;
	element.style.left = `${left}px`;
	element.style.top = `${top}px`;
}
