/**
 * Lower-case words of SQL expressions that are no names. Generous on purpose: a word that is missing here makes a valid
 * fragment fail, with a clear message, unless it is written in upper case.
 */
export const sqlWords: ReadonlySet<string> = new Set(
  `all and any array as asc at between binary bigint blob boolean both by bytea case cast char character collate
  current_date current_time current_timestamp date datetime day dayofweek decimal desc distinct div double else end
  escape except exists extract false filter first float for from full glob group having hour ilike in inner int integer
  intersect interval is isnull join json jsonb last leading left like limit match microsecond millisecond minute mod
  month natural nocase not notnull null nulls numeric nvarchar offset on or order outer over partition precision quarter
  real regexp returning right rlike row rows rtrim second select signed similar smallint some symmetric text then time
  timestamp timestamptz tinyint to trailing true union unknown unsigned using uuid value values varchar varying week when
  where window with within without xor year zone`.split(/\s+/),
);
