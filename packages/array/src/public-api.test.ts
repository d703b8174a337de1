import { expect, it } from "vitest";
import * as api from "./index.ts";

it("exports what the README names, and nothing by accident", () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "NDArray",
      "RecordArray",
      "StructuredArray",
      "dataConstructor",
      "dtypeDescr",
      "dtypeName",
      "dtypeOfData",
      "elementsPerItem",
      "fieldsDescr",
      "formatShape",
      "fromNested",
      "halfToNumber",
      "halvesToFloat32",
      "isNDArray",
      "isStructured",
      "itemCount",
      "kindOf",
      "maxDimensions",
      "numberToHalf",
      "ordersAgree",
      "parseDType",
      "parseFields",
      "positionOf",
      "setKind",
      "stridesOf",
      "swapBytes",
    ]
  `);
});
