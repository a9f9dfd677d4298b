// What a module of the operator's imports as `doorward`: the one door to us that we promise to keep.

export { localApi } from '#api/local.ts';
export type {
  AskedContact,
  AskedDetails,
  Module,
  ModuleAlert,
  Objection,
  Tools,
  Verdict,
  Vouched,
} from '#domain/modules/module.ts';
export { defineModule } from '#domain/modules/module.ts';
