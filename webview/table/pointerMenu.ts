import { type MenuEntry, openMenu } from "../common/menu";

/** A menu where the pointer is (or at a row's corner, for the keyboard); `onClosed` says where the focus goes. */
export function pointerMenu(
	at: MouseEvent | DOMRect,
	entries: readonly (MenuEntry | "separator")[],
	onClosed: () => void,
): void {
	document.getElementById("menu-anchor")?.remove();
	const anchor = document.createElement("span");
	anchor.id = "menu-anchor";
	anchor.tabIndex = -1;
	anchor.className = "menu-anchor";
	anchor.setAttribute("aria-label", "Actions");
	const [x, y] = at instanceof MouseEvent ? [at.clientX, at.clientY] : [at.left + 40, at.bottom];
	// The menu lines its right edge up with its anchor's.
	anchor.style.left = `${x}px`;
	anchor.style.top = `${y}px`;
	document.body.append(anchor);
	anchor.addEventListener("focus", () => {
		anchor.remove();
		onClosed();
	});
	openMenu(anchor, entries);
}
