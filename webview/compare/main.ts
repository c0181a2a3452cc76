import { controlStyle } from "../common/controlStyle";
import { adoptStyles, sheetStyle } from "../common/sheetStyle";
import { compareStyle } from "./compareStyle";
import { CompareView } from "./compareView";

adoptStyles(controlStyle, sheetStyle, compareStyle);
new CompareView(document.body).start();
