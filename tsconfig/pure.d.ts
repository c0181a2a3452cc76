// The few globals that every runtime Gamma runs in has (Node, browser, worker), declared by hand,
// so that src/shared and src/core can be checked without the types of any one of them.
declare function setTimeout(callback: () => void, delayMs?: number): number;
declare function clearTimeout(handle: number | undefined): void;
interface AbortSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
	removeEventListener(type: "abort", listener: () => void): void;
	throwIfAborted(): void;
}
declare class AbortController {
	readonly signal: AbortSignal;
	abort(reason?: unknown): void;
}
declare class TextDecoder {
	constructor(label?: string, options?: { fatal?: boolean });
	decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
declare class TextEncoder {
	encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class URL {
	constructor(url: string, base?: string);
	href: string;
	protocol: string;
	host: string;
	hostname: string;
	pathname: string;
	search: string;
	username: string;
	password: string;
	readonly origin: string;
}
