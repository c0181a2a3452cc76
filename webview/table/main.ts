import { controlStyle } from "../common/controlStyle";
import { adoptStyles, sheetStyle } from "../common/sheetStyle";
import { pickerStyle } from "./pickerStyle";
import { tableStyle } from "./tableStyle";
import { TableView } from "./tableView";

adoptStyles(controlStyle, sheetStyle, tableStyle, pickerStyle);
new TableView(document.body).start();
