/** Texts that mean something to a server, a driver or a template: as values they are only text. */
export const hostileTexts: readonly string[] = [
  "'; DROP TABLE lab.canary; --",
  '"; DROP TABLE lab.canary; --',
  "`; DROP TABLE lab.canary; -- ",
  "'); DELETE FROM lab.canary WHERE ('1'='1",
  "' OR '1'='1",
  "\\'; DROP TABLE lab.canary; #",
  "\\\\'; DROP TABLE lab.canary; -- ",
  "*/ DROP TABLE lab.canary; /*",
  "/*! DROP TABLE lab.canary */",
  "$$; DROP TABLE lab.canary; $$",
  "$1 ? :name @var %s %(name)s {x} {0} ${x} 100%",
  "it''s ''quoted'' \"twice\" `thrice`",
  "‘curly’ “quotes” ＇wide＇ ʼmodifierʼ",
  "back\\slash \\n \\0 \\x27 \\",
  "line\nbreak\ttab\r\nend",
  "é 😀 \u{10ffff} \ufeff",
  "¿\u00bf\u5c27' OR 1=1 -- ",
  "E'\\x27' _utf8mb4'x' N'x' U&'\\0027'",
];

/** The same that can stand in a comment of a definition, which is one line. */
export const hostileComments: readonly string[] = hostileTexts.filter((text) => !/[\n\r]|😀/u.test(text));
