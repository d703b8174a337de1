import { onBackend } from "../../../packages/schema/test/database/provided.ts";

// Tables of a lab that no library has declared: constraints and indexes with names of their own, other letter case of
// types, markers on the columns of foreign keys, and no lineage.

const mysql = [
  "create database lab",
  `create table lab.subject (
    subject_id INT NOT NULL COMMENT ':int32:unique id',
    name VARCHAR(20) NOT NULL DEFAULT '' COMMENT ':varchar(20):',
    CONSTRAINT pk_x PRIMARY KEY (subject_id), KEY by_name (name)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  `create table lab.session (
    subject_id INT NOT NULL COMMENT ':int32:unique id',
    session SMALLINT NOT NULL COMMENT ':int16:',
    score DOUBLE DEFAULT NULL COMMENT ':float64:',
    PRIMARY KEY (subject_id, session),
    CONSTRAINT fk_custom FOREIGN KEY (subject_id) REFERENCES lab.subject (subject_id)
      ON UPDATE CASCADE ON DELETE RESTRICT) ENGINE=InnoDB`,
  `create table lab.session__trial (
    subject_id INT NOT NULL COMMENT ':int32:unique id',
    session SMALLINT NOT NULL COMMENT ':int16:',
    trial SMALLINT NOT NULL COMMENT ':int16:',
    PRIMARY KEY (subject_id, session, trial),
    CONSTRAINT fk_trial FOREIGN KEY (subject_id, session) REFERENCES lab.session (subject_id, session)
      ON UPDATE CASCADE ON DELETE RESTRICT) ENGINE=InnoDB`,
];

const postgresql = [
  "create schema lab",
  `create table lab.subject (
    subject_id INTEGER NOT NULL,
    name VARCHAR(20) NOT NULL DEFAULT '',
    CONSTRAINT pk_x PRIMARY KEY (subject_id))`,
  "create index by_name on lab.subject (name)",
  `create table lab.session (
    subject_id INT4 NOT NULL, session INT2 NOT NULL, score FLOAT8 DEFAULT NULL,
    PRIMARY KEY (subject_id, session),
    CONSTRAINT fk_custom FOREIGN KEY (subject_id) REFERENCES lab.subject (subject_id)
      ON UPDATE CASCADE ON DELETE RESTRICT)`,
  `create table lab.session__trial (
    subject_id INTEGER NOT NULL, session SMALLINT NOT NULL, trial SMALLINT NOT NULL,
    PRIMARY KEY (subject_id, session, trial),
    CONSTRAINT fk_trial FOREIGN KEY (subject_id, session) REFERENCES lab.session (subject_id, session)
      ON UPDATE CASCADE ON DELETE RESTRICT)`,
  ...["subject", "session", "session__trial"].map(
    (table) => `comment on column lab.${table}.subject_id is ':int32:unique id'`,
  ),
  "comment on column lab.subject.name is ':varchar(20):'",
  "comment on column lab.session.session is ':int16:'",
  "comment on column lab.session.score is ':float64:'",
  "comment on column lab.session__trial.session is ':int16:'",
  "comment on column lab.session__trial.trial is ':int16:'",
];

/** Makes `lab.subject`, `lab.session` and its part `lab.session__trial`. */
export const handMade: readonly string[] = onBackend({ sqlite: [], mysql, postgresql });
