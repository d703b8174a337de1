export {
  type ArrayData,
  type DataConstructor,
  dataConstructor,
  dtypeOfData,
  elementsPerItem,
  type NumericData,
} from "./data.ts";
export { type DTypeKind, dtypeDescr, dtypeName, parseDType, type SimpleDType } from "./dtype/dtype.ts";
export {
  type Field,
  type FieldDescr,
  fieldsDescr,
  isStructured,
  parseFields,
  type StructuredDType,
} from "./dtype/fields.ts";
export { halfToNumber, halvesToFloat32, numberToHalf } from "./float16.ts";
export type { ArrayItem, ComplexItem } from "./items.ts";
export { isNDArray, NDArray, type NDArrayOptions } from "./ndarray.ts";
export { fromNested } from "./nested/from-nested.ts";
export { type Column, RecordArray } from "./record-array.ts";
export {
  formatShape,
  itemCount,
  maxDimensions,
  type Order,
  ordersAgree,
  positionOf,
  type Shape,
  stridesOf,
} from "./shape.ts";
export { StructuredArray, swapBytes } from "./structured-array.ts";
export { kindOf, setKind } from "./value-kind.ts";
