import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";

/** What every panel's host answers, beside the panel's own calls. */
export const commonCalls = {
	/** The panel is drawn and wants its state. */
	ready: method(nothing)<void>(),
	/** Opens a web address in the browser, after VS Code asked. */
	openLink: method(z.object({ href: z.string() }))<void>(),
	copy: method(z.object({ text: z.string() }))<void>(),
} satisfies Contract;

/** What every panel answers: it takes the latest whole state. */
export const panelCalls = {
	show: method(z.object({ state: z.unknown() }))<void>(),
} satisfies Contract;
