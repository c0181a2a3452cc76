/**
 * The event that nearly every record is: one old-style scalar, its fields in the order writers give them, steps below 2^28.
 * Taking it apart without the general reader is what makes two million points a matter of half a second.
 */
export class ScalarEvent {
	timeMs = 0;
	step = 0;
	value = 0;
	/** Where the tag's bytes are in the view. */
	tagFrom = 0;
	tagTo = 0;

	/** False for any other event, which the general reader then takes. */
	parse(view: DataView, from: number, to: number): boolean {
		// Shortest: wall_time (9), summary (2), value (2), tag (2), simple_value (5).
		if (to - from < 20 || view.getUint8(from) !== 0x09) return false;
		let at = from + 9;
		let step = 0;
		if (view.getUint8(at) === 0x10) {
			let shift = 0;
			let byte: number;
			do {
				byte = view.getUint8(++at);
				step |= (byte & 127) << shift;
				shift += 7;
			} while (byte > 127 && shift < 28 && at + 1 < to);
			if (byte > 127) return false;
			at++;
		}
		// The summary, its only value and the tag, each of a length below 128, fill the record to its end.
		if (at + 6 > to || view.getUint8(at) !== 0x2a || view.getUint8(at + 1) !== to - at - 2) return false;
		if (view.getUint8(at + 2) !== 0x0a || view.getUint8(at + 3) !== to - at - 4 || to - at - 4 > 127) return false;
		if (view.getUint8(at + 4) !== 0x0a || view.getUint8(at + 5) !== to - at - 11 || view.getUint8(to - 5) !== 0x15) {
			return false;
		}
		this.timeMs = view.getFloat64(from + 1, true) * 1000;
		this.step = step;
		this.value = view.getFloat32(to - 4, true);
		this.tagFrom = at + 6;
		this.tagTo = to - 5;
		return true;
	}
}
