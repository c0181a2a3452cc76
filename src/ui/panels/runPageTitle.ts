import { toLine } from "../../core/plainText";
import type { Run } from "../../shared/run";

export function titleOf(run: Run | undefined): string {
	return toLine(run?.name || run?.id || "Run", 60);
}
