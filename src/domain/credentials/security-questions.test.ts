// Security questions: the operator's list, what people answer, how often it may be tried, and what a stranger is shown.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { credentialMarks } from '#domain/credentials/factors.ts';
import {
  addQuestion,
  areQuestionsAsked,
  checkAnswer,
  decoyQuestion,
  listQuestions,
  listQuestionsInUse,
  MOST_QUESTIONS,
  normalisedAnswer,
  removeQuestion,
  sealAnswer,
  storeAnswer,
} from '#domain/credentials/security-questions.ts';
import { sendFreshPasswordLink } from '#domain/login/forgotten-password.ts';
import { changeOwnPassword } from '#domain/login/own-password.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import {
  chooseSecurityQuestion,
  dropSecurityQuestion,
  questionAskedOf,
  questionForAddress,
  removeSecurityQuestion,
} from '#domain/login/security-question.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { removeUser } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { newPerson } from '#tests/people.ts';
import { atOnce } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

test('answers are compared however they are typed', () => {
  for (const [typed, plain] of [
    ['  Rex  the DOG! ', 'rex the dog'],
    ['Ｒｅｘ', 'rex'],
    ['E\u0301mile-Zola', 'émile zola'],
    ['دمشق', 'دمشق'],
    ['!!!', ''],
  ])
    assert.equal(normalisedAnswer(typed ?? ''), plain);
});

onBothDatabases('security questions', (database) => {
  let world: World;
  let ctx: Context;
  let pet = 0;
  let street = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    assert.equal(await areQuestionsAsked(ctx), false);
    pet = await addQuestion(ctx, SYSTEM, 'What was your first pet called?');
    assert.equal(await areQuestionsAsked(ctx), false, 'off unless switched on');
    await changeSettings(ctx, SYSTEM, { 'security-questions': 'on' });
    assert.equal(await areQuestionsAsked(ctx), true);
    street = await addQuestion(ctx, SYSTEM, 'In which street did you grow up?');
  });
  after(() => world.close());

  const choose = (userId: number, over: Partial<Parameters<typeof chooseSecurityQuestion>[3]> = {}) =>
    chooseSecurityQuestion(ctx, SYSTEM, userId, {
      currentAnswer: '',
      questionId: pet,
      answer: 'Rex the dog',
      answerAgain: 'Rex the dog',
      ...over,
    });
  const kindsOf = async (userId: number): Promise<string[]> =>
    (await letterHistory(ctx, { userId }, { limit: 20 })).map(({ kind }) => kind);

  test('one that somebody answers stays; without any nobody is asked', async () => {
    for (const [text, fault] of [
      ['  ', 'security-question-missing'],
      ['x'.repeat(201), 'too-long'],
      ['WHAT was your first pet called?', 'security-question-there'],
    ])
      await assert.rejects(addQuestion(ctx, SYSTEM, text ?? ''), { fields: { question: fault } });
    const extra = await addQuestion(ctx, SYSTEM, 'A third one?');
    const one = await newPerson(ctx);
    await choose(one.id);
    assert.deepEqual(
      (await listQuestionsInUse(ctx)).map(({ isInUse }) => isInUse),
      [true, false, false],
    );
    await assert.rejects(removeQuestion(ctx, SYSTEM, pet), { code: 'security-question-in-use' });
    await removeQuestion(ctx, SYSTEM, extra);
    await assert.rejects(removeQuestion(ctx, SYSTEM, extra), { kind: 'not-found' });
    await removeUser(ctx, SYSTEM, one.id);
    assert.equal(
      (await listQuestionsInUse(ctx)).some(({ isInUse }) => isInUse),
      false,
    );
    const { won } = await atOnce(5, () => removeQuestion(ctx, SYSTEM, street));
    assert.equal(won.length, 1);
    await removeQuestion(ctx, SYSTEM, pet);
    assert.equal(await areQuestionsAsked(ctx), false);
    await assert.rejects(choose((await newPerson(ctx)).id), { code: 'security-questions-off' });
    pet = await addQuestion(ctx, SYSTEM, 'What was your first pet called?');
    street = await addQuestion(ctx, SYSTEM, 'In which street did you grow up?');
    for (let at = 2; at < MOST_QUESTIONS; at += 1) await addQuestion(ctx, SYSTEM, `Question ${at}?`);
    await assert.rejects(addQuestion(ctx, SYSTEM, 'One more?'), { code: 'security-questions-full' });
  });

  test('an answer is kept as a slow hash, chosen with care, marked, told by letter, and changed by whoever knows it', async () => {
    const { id } = await newPerson(ctx);
    for (const [over, fields] of [
      [{ answerAgain: 'Rex the cat' }, { answerAgain: 'security-answer-differs' }],
      [{ answer: '!', answerAgain: '!' }, { answer: 'security-answer-missing' }],
      [{ answer: 'ab', answerAgain: 'ab' }, { answer: 'security-answer-too-short' }],
      [{ questionId: undefined }, { question: 'security-question-not-chosen' }],
      [{ questionId: 999_999 }, { question: 'security-question-gone' }],
    ] as const)
      await assert.rejects(choose(id, over), { fields });
    assert.equal((await credentialMarks(ctx, 'user', [id])).get(id)?.securityQuestion, false);
    await choose(id);
    assert.equal((await credentialMarks(ctx, 'user', [id])).get(id)?.securityQuestion, true);
    const { answer_hash: stored } = await ctx.db
      .selectFrom('security_answers')
      .select('answer_hash')
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    assert.match(stored, /^\$argon2id\$/);
    assert.equal((await ctx.passwords.check('rex the dog', stored)).matches, true, 'the form that importers write');
    await assert.rejects(choose(id, { questionId: street }), {
      fields: { currentAnswer: 'security-answer-missing' },
    });
    await choose(id, { questionId: street, currentAnswer: 'REX, the dog', answer: 'Elm St', answerAgain: 'Elm St' });
    assert.equal((await questionAskedOf(ctx, id))?.id, street);
    await assert.rejects(dropSecurityQuestion(ctx, SYSTEM, id, 'Oak St'), {
      fields: { currentAnswer: 'security-answer-wrong' },
    });
    await dropSecurityQuestion(ctx, SYSTEM, id, 'elm st.');
    assert.equal(await questionAskedOf(ctx, id), undefined);
    assert.deepEqual(await kindsOf(id), Array(3).fill('security-question-changed'));
    await choose(id);
    await removeSecurityQuestion(ctx, SYSTEM, id);
    assert.equal(await questionAskedOf(ctx, id), undefined);
    assert.equal((await kindsOf(id)).length, 5);
    await removeSecurityQuestion(ctx, SYSTEM, id);
    assert.equal((await kindsOf(id)).length, 5, 'nothing happened, so nothing is told');
    await assert.rejects(removeSecurityQuestion(ctx, SYSTEM, 999_999), { kind: 'not-found' });
  });

  test('five tries an hour, wherever they are made and however many at once; a right one starts anew', async () => {
    const { id } = await newPerson(ctx);
    await choose(id);
    const answer = (text: string) => checkAnswer(ctx, SYSTEM, id, text);
    for (const wrong of ['', 'rex', 'x'.repeat(10_000), '\0']) assert.equal(await answer(wrong), 'wrong');
    assert.equal(await answer('rex THE dog'), 'right');
    const { won, lost } = await atOnce(20, () => answer('rex'));
    assert.deepEqual(won, Array(5).fill('wrong'));
    assert.deepEqual([...lost], [['too-many: too-many-tries', 15]]);
    await assert.rejects(answer('rex the dog'), { kind: 'too-many' }, 'and then not even by the right one');
    world.clock.turn(hours(1));
    assert.equal(await answer('rex the dog'), 'right');
  });

  test('it is asked when the password is changed, and before a dead link is sent afresh', async () => {
    const { id, email } = await newPerson(ctx);
    const change = (answer: string) =>
      changeOwnPassword(ctx, SYSTEM, id, {
        current: PASSWORD,
        fresh: 'a fresh long password',
        keepSessionId: 0,
        answer,
      });
    await choose(id);
    await assert.rejects(change(''), { fields: { answer: 'security-answer-missing' } });
    await assert.rejects(change('rex'), { fields: { answer: 'security-answer-wrong' } });
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    const token = (await world.letterTo(email)).link.split('/').at(-1) ?? '';
    world.clock.turn(minutes(60));
    await assert.rejects(sendFreshPasswordLink(ctx, token, 'rex', '192.0.2.9'), {
      fields: { answer: 'security-answer-wrong' },
    });
    assert.equal(await sendFreshPasswordLink(ctx, token, 'rex the dog', '192.0.2.9'), 'p•••@example.test');
    await change('Rex the dog');
    await changeSettings(ctx, SYSTEM, { 'security-questions': '' });
    const again = { current: 'a fresh long password', fresh: 'one more long password', keepSessionId: 0 };
    await changeOwnPassword(ctx, SYSTEM, id, again); // kept, but not asked while it is off
    await changeSettings(ctx, SYSTEM, { 'security-questions': 'on' });
  });

  test('a stranger is shown one question for an address, always the same, whether it is real or drawn', async () => {
    const one = await newPerson(ctx);
    await ctx.transaction(async (tx) => {
      await storeAnswer(tx, SYSTEM, one.id, { questionId: street, answerHash: await sealedPassword() });
    });
    assert.equal((await questionForAddress(ctx, one.email.toUpperCase()))?.id, street);
    const drawn = new Set<number>();
    for (let at = 0; at < 40; at += 1) {
      const email = `nobody${at}@example.test`;
      const question = await questionForAddress(ctx, email);
      assert.ok(question);
      assert.deepEqual(await questionForAddress(ctx, ` ${email.toUpperCase()}`), question);
      assert.deepEqual(await decoyQuestion(ctx, email), question);
      drawn.add(question.id);
    }
    assert.ok(drawn.size > 10, 'any of the list');
    const last = (await listQuestions(ctx)).at(-1);
    const before = await Promise.all([...Array(40).keys()].map((at) => decoyQuestion(ctx, `n${at}@example.test`)));
    await removeQuestion(ctx, SYSTEM, last?.id ?? 0);
    const after = await Promise.all([...Array(40).keys()].map((at) => decoyQuestion(ctx, `n${at}@example.test`)));
    const changed = before.filter((question, at) => question?.id !== after[at]?.id);
    assert.ok(
      changed.every((question) => question?.id === last?.id),
      'one less changes only what was drawn from it',
    );
    assert.match(await sealAnswer(ctx, 'some answer'), /^\$argon2id/);
  });
});
