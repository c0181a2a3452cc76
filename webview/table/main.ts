import { controlStyle } from "../common/controlStyle";
import { adoptStyles, sheetStyle } from "../common/sheetStyle";
import { tableStyle } from "./tableStyle";
import { TableView } from "./tableView";

adoptStyles(controlStyle, sheetStyle, tableStyle);
new TableView(document.body).start();
