import { TransactionError } from "@mortise/core";

/** A handle outlived its transaction. */
export function ended(): TransactionError {
  return new TransactionError("ended", "a table or query was used inside a transaction that has already ended", {
    hint: "await every operation before the transaction's function returns",
  });
}

/** A handle outlived its savepoint; the transaction may be open still. */
export function endedSavepoint(): TransactionError {
  return new TransactionError("ended", "a savepoint was used after it had ended, or with the one around it", {
    hint: "await every operation before the savepoint's function returns, and don't keep its handle",
  });
}

/** Something is still running when the function around it has returned. */
export function forgotten(around: "transaction" | "savepoint", what: "write" | "savepoint"): TransactionError {
  return new TransactionError(
    "ended",
    `the ${around}'s function returned while a ${what} inside it was still running; it was rolled back`,
    { hint: "await every insert, update, delete and savepoint inside the function" },
  );
}

/** A savepoint that begins beside an open one. */
export function beside(): TransactionError {
  return new TransactionError("nested", "a savepoint beside this one is still open", {
    hint: "await one savepoint before beginning the next",
  });
}

/** A write beside an open savepoint. */
export function besideSavepoint(): TransactionError {
  return new TransactionError("nested", "a write ran beside an open savepoint, which would take it along if undone", {
    hint: "await the savepoint first; inside its function use the transaction that the function is given",
  });
}
