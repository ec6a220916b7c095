/**
 * What NPCs can say, in English and German. A key is looked up from the most special to the most general:
 * `tone.temper.attitude`, `tone.attitude`, `tone.temper`, `tone`. Words in braces are facts of the world, never
 * anything a player said.
 */
export type Phrases = readonly [english: readonly string[], german: readonly string[]];

/** How a role speaks: foragers and traders meekly, raiders fiercely, guards sternly. */
export const TEMPERS = ['plain', 'meek', 'fierce', 'stern', 'meek'] as const;

export const REACTIONS: Record<string, Phrases> = {
  greeting: [
    ['Hello there.', 'Good day to you.', 'Hello, wanderer.'],
    ['Hallo.', 'Guten Tag.', 'Sei gegrüßt.'],
  ],
  'greeting.warm': [
    ['There you are! Good to see you.', 'Hello, friend!', 'Ah, a welcome face.'],
    ['Da bist du ja! Schön, dich zu sehen.', 'Hallo, Freund!', 'Ah, ein gern gesehenes Gesicht.'],
  ],
  'greeting.afraid': [
    ['Oh. It is you… Please keep your distance.', 'H-hello. I want no trouble.'],
    ['Oh. Du bist es … Bleib bitte auf Abstand.', 'H-hallo. Ich will keinen Ärger.'],
  ],
  'greeting.angry': [
    ['You dare to say hello to me?', 'Save your greetings. I have not forgotten.'],
    ['Du wagst es, mich zu grüßen?', 'Spar dir den Gruß. Ich habe nichts vergessen.'],
  ],
  'greeting.fierce': [
    ['What do you want?', 'Heh. Look who walks by.'],
    ['Was willst du?', 'Heh. Sieh an, wer da kommt.'],
  ],
  'greeting.stern': [
    ['Greetings. Keep the peace.', 'Well met. Stay on the roads.'],
    ['Sei gegrüßt. Halte Frieden.', 'Willkommen. Bleib auf den Wegen.'],
  ],
  trade: [
    ['Let me see what I have.', 'Trade? We can talk about that.'],
    ['Mal sehen, was ich habe.', 'Handeln? Darüber lässt sich reden.'],
  ],
  'trade.afraid': [
    ['I would rather not trade with you.', 'Trade… with you? I am not sure.'],
    ['Mit dir möchte ich lieber nicht handeln.', 'Handeln … mit dir? Ich weiß nicht.'],
  ],
  'trade.angry': [
    ['I do not deal with the likes of you.', 'No deals. Not with you.'],
    ['Mit deinesgleichen handle ich nicht.', 'Kein Handel. Nicht mit dir.'],
  ],
  'trade.fierce': [
    ['I do not buy. I take.', 'Trade? Leave what you carry, that is my price.'],
    ['Ich kaufe nicht. Ich nehme.', 'Handeln? Lass da, was du trägst, das ist mein Preis.'],
  ],
  'trade.stern': [
    ['I guard the goods, I do not sell them.', 'For trade, go to a market.'],
    ['Ich bewache die Waren, ich verkaufe sie nicht.', 'Zum Handeln geh auf einen Markt.'],
  ],
  threat: [
    ['Please do not hurt me!', 'Stay back! I will call the guards!', 'No, please! What did I do to you?'],
    ['Bitte tu mir nichts!', 'Bleib weg! Ich rufe die Wachen!', 'Nein, bitte! Was habe ich dir getan?'],
  ],
  'threat.fierce': [
    [
      'Try it, and see who bleeds.',
      'Big words. Come closer and say that again.',
      'Ha! I have eaten bigger ones for breakfast.',
    ],
    [
      'Versuch es, dann sehen wir, wer blutet.',
      'Große Worte. Komm näher und sag das noch mal.',
      'Ha! Größere als dich habe ich gefrühstückt.',
    ],
  ],
  'threat.stern': [
    ['One more word like that and you will feel my blade.', 'Put it away. I will not warn you twice.'],
    ['Noch so ein Wort und du spürst meine Klinge.', 'Lass das. Ich warne dich kein zweites Mal.'],
  ],
  'threat.meek.warm': [
    ['You? I thought we were friends…', 'Why would you say that? You were kind to me.'],
    ['Du? Ich dachte, wir wären Freunde …', 'Warum sagst du so etwas? Du warst doch gut zu mir.'],
  ],
  plea: [
    [
      'I will see what I can do.',
      'Do not be afraid. I will not harm you.',
      'These are hard times for us all.',
    ],
    [
      'Ich sehe, was ich tun kann.',
      'Hab keine Angst. Ich tue dir nichts.',
      'Die Zeiten sind für uns alle hart.',
    ],
  ],
  'plea.warm': [
    ['Of course, friend. Stay close to me.', 'You helped me once, so I will not look away.'],
    ['Natürlich, Freund. Bleib in meiner Nähe.', 'Du warst gut zu mir, da sehe ich nicht weg.'],
  ],
  'plea.afraid': [
    ['And who spared me, when you came?', 'You ask me for help? After what you did?'],
    ['Und wer hat mich verschont, als du kamst?', 'Du bittest mich um Hilfe? Nach allem, was war?'],
  ],
  'plea.angry': [
    ['You should have thought of that before.', 'Begging will not help you now.'],
    ['Das hättest du dir vorher überlegen sollen.', 'Betteln hilft dir jetzt nicht mehr.'],
  ],
  'plea.fierce': [
    ['Mercy costs. Drop what you carry and run.', 'Heh. Run, then, while I am in a good mood.'],
    ['Gnade kostet. Lass fallen, was du trägst, und lauf.', 'Heh. Dann lauf, solange ich gute Laune habe.'],
  ],
  'plea.stern': [
    ['Stay behind me.', 'That is what I am here for. Keep near.'],
    ['Bleib hinter mir.', 'Dafür bin ich da. Bleib in der Nähe.'],
  ],
  question: [
    ['Hm, let me think.', 'I only know what I see.', 'You ask a lot.'],
    ['Hm, lass mich nachdenken.', 'Ich weiß nur, was ich sehe.', 'Du fragst viel.'],
  ],
  'question.warm': [
    ['For you, gladly.', 'Good that you ask.'],
    ['Für dich gern.', 'Gut, dass du fragst.'],
  ],
  'question.afraid': [
    ['I tell you what I know, then leave me be.', 'Please, I know little.'],
    ['Ich sage, was ich weiß, dann lass mich in Ruhe.', 'Bitte, ich weiß nur wenig.'],
  ],
  'question.angry': [
    ['Why should I tell you anything?', 'Ask somebody whom you did not harm.'],
    ['Warum sollte ich dir etwas sagen?', 'Frag jemanden, dem du nichts getan hast.'],
  ],
  'question.fierce': [
    ['Questions are for guards.', 'Why do you want to know?'],
    ['Fragen stell den Wachen.', 'Warum willst du das wissen?'],
  ],
  taunt: [
    ['That was not nice.', 'I have heard worse from the crows.', 'Are you done?'],
    ['Das war nicht nett.', 'Von den Krähen habe ich Schlimmeres gehört.', 'Bist du fertig?'],
  ],
  'taunt.warm': [
    ['You are joking, I hope.', 'From you that almost hurts.'],
    ['Du machst Witze, hoffe ich.', 'Von dir tut das fast weh.'],
  ],
  'taunt.fierce': [
    ['Laugh while you have teeth.', 'Come here and say that.'],
    ['Lach, solange du Zähne hast.', 'Komm her und sag das.'],
  ],
  'taunt.stern': [
    ['Mind your tongue.', 'Words. Move along.'],
    ['Hüte deine Zunge.', 'Nichts als Worte. Geh weiter.'],
  ],
  thanks: [
    ['You are welcome.', 'It was nothing.', 'Gladly.'],
    ['Gern geschehen.', 'Nicht der Rede wert.', 'Gerne.'],
  ],
  'thanks.warm': [
    ['Always, friend.', 'We look after each other, do we not?'],
    ['Immer, Freund.', 'Wir passen doch aufeinander auf.'],
  ],
  'thanks.afraid': [
    ['Just… go, please.', 'Thank me by leaving me in peace.'],
    ['Geh … geh einfach, bitte.', 'Dank mir, indem du mich in Ruhe lässt.'],
  ],
  'thanks.angry': [
    ['Keep your thanks.', 'Thanks do not mend what you broke.'],
    ['Behalte deinen Dank.', 'Dank heilt nicht, was du zerbrochen hast.'],
  ],
  'thanks.fierce': [
    ['Do not get used to it.', 'Thanks? From you? Heh.'],
    ['Gewöhn dich nicht daran.', 'Dank? Von dir? Heh.'],
  ],
  apology: [
    ['It is all right.', 'Well, let us forget it.', 'Apology accepted.'],
    ['Ist schon gut.', 'Vergessen wir es.', 'Entschuldigung angenommen.'],
  ],
  'apology.afraid': [
    ['I want to believe you.', 'Words are cheap… but thank you.'],
    ['Ich möchte dir glauben.', 'Worte sind billig … aber danke.'],
  ],
  'apology.angry': [
    ['Sorry does not heal a wound.', 'Show it, do not say it.'],
    ['Von Entschuldigungen heilt keine Wunde.', 'Zeig es, statt es zu sagen.'],
  ],
  'apology.fierce': [
    ['Soft words. I like hard coins more.', 'Heh. Forgiven, if you stay out of my way.'],
    ['Weiche Worte. Harte Münzen sind mir lieber.', 'Heh. Vergeben, wenn du mir aus dem Weg gehst.'],
  ],
  farewell: [
    ['Farewell.', 'Safe roads.', 'Until next time.'],
    ['Leb wohl.', 'Gute Wege.', 'Bis zum nächsten Mal.'],
  ],
  'farewell.warm': [
    ['Come back soon!', 'Take care, friend.'],
    ['Komm bald wieder!', 'Pass auf dich auf, Freund.'],
  ],
  'farewell.afraid': [
    ['Yes. Go. Please.', 'At last…'],
    ['Ja. Geh. Bitte.', 'Endlich …'],
  ],
  'farewell.angry': [
    ['And do not come back.', 'Good riddance.'],
    ['Und komm nicht wieder.', 'Den wären wir los.'],
  ],
  'farewell.fierce': [
    ['Run along. We will meet again.', 'Watch your back on the road.'],
    ['Lauf nur. Wir sehen uns wieder.', 'Pass unterwegs auf deinen Rücken auf.'],
  ],
  none: [
    ['If you say so.', 'Hm.', 'I am not sure what you mean.', 'Is that so?'],
    ['Wenn du meinst.', 'Hm.', 'Ich weiß nicht, was du meinst.', 'Ach ja?'],
  ],
  'none.fierce': [
    ['Stop babbling.', 'Hmpf.'],
    ['Hör auf zu plappern.', 'Hmpf.'],
  ],
  'none.afraid': [
    ['I… must go on working.', 'Please let me pass.'],
    ['Ich … muss weiterarbeiten.', 'Bitte lass mich vorbei.'],
  ],
  'none.angry': [
    ['I have nothing to say to you.', 'Out of my sight.'],
    ['Ich habe dir nichts zu sagen.', 'Geh mir aus den Augen.'],
  ],
};

/** Facts about the speaker, by what is true. */
export const FACTS: Record<string, Phrases> = {
  'who.forager': [
    ['I gather fruit and crystals for the camp.'],
    ['Ich sammle Früchte und Kristalle für das Lager.'],
  ],
  'who.raider': [['I take what others gather.'], ['Ich nehme mir, was andere sammeln.']],
  'who.guard': [['I keep the foragers safe.'], ['Ich passe auf die Sammler auf.']],
  'who.trader': [['I carry goods from market to market.'], ['Ich bringe Waren von Markt zu Markt.']],
  'who.wanderer': [['I only wander here.'], ['Ich wandere hier nur.']],
  dying: [
    ['I can hardly stand any more.', 'I am badly hurt.'],
    ['Ich kann kaum noch stehen.', 'Ich bin schwer verletzt.'],
  ],
  hurt: [
    ['My wounds still ache.', 'I have taken a few blows.'],
    ['Meine Wunden schmerzen noch.', 'Ich habe ein paar Schläge abbekommen.'],
  ],
  hungry: [
    ['And I am hungry.', 'I have not eaten for a while.'],
    ['Und ich habe Hunger.', 'Ich habe lange nichts gegessen.'],
  ],
  well: [
    ['I am well.', 'I cannot complain.'],
    ['Mir geht es gut.', 'Ich kann nicht klagen.'],
  ],
  enemies: [
    ['There are enemies near. Keep your eyes open.'],
    ['Hier sind Feinde in der Nähe. Halt die Augen offen.'],
  ],
  dangerous: [
    ['Beware of {place}: people are robbed there.', 'I keep away from {place} these days.'],
    ['Hüte dich vor {place}: Dort wird geraubt.', 'Von {place} halte ich mich zurzeit fern.'],
  ],
  rich: [['Fat bags pass by {place} these days.'], ['An {place} kommen zurzeit volle Taschen vorbei.']],
  safe: [
    ['I have heard of no robberies lately.', 'It has been quiet of late.'],
    ['Von Überfällen habe ich zuletzt nichts gehört.', 'In letzter Zeit war es ruhig.'],
  ],
  market: [['The nearest market is the {market}.'], ['Der nächste Markt ist der {market}.']],
  prices: [
    [
      'The {market} asks {buyFruit} for a fruit and {buyCrystal} for a crystal; it pays {sellFruit} and {sellCrystal}.',
    ],
    [
      'Der {market} verlangt {buyFruit} für eine Frucht und {buyCrystal} für einen Kristall; er zahlt {sellFruit} und {sellCrystal}.',
    ],
  ],
  goods: [
    ['I carry {fruit} fruit and {crystal} crystals.'],
    ['Ich trage {fruit} Früchte und {crystal} Kristalle.'],
  ],
  nothing: [['I carry nothing at all.'], ['Ich trage gar nichts bei mir.']],
  coins: [['I have {coins} coins on me.'], ['Ich habe {coins} Münzen bei mir.']],
};

/** What is said about the past with this player. */
export const PAST: Record<string, Phrases> = {
  again: [
    ['You said as much before.', 'You keep saying that.'],
    ['Das hast du schon einmal gesagt.', 'Das sagst du immer wieder.'],
  ],
  never: [
    ['I do not think that we have met.', 'We have not spoken before.'],
    ['Ich glaube, wir kennen uns nicht.', 'Wir haben noch nie gesprochen.'],
  ],
  while: [
    ['It has been a while.', 'I have not seen you for days.'],
    ['Lange nicht gesehen.', 'Tagelang habe ich dich nicht gesehen.'],
  ],
  met: [
    ['We have spoken before.', 'I remember your voice.'],
    ['Wir haben schon gesprochen.', 'Ich erinnere mich an deine Stimme.'],
  ],
  threat: [['You threatened me once. I remember.'], ['Du hast mir einmal gedroht. Das weiß ich noch.']],
  taunt: [['You made fun of me once.'], ['Du hast dich einmal über mich lustig gemacht.']],
  thanks: [['You thanked me once. I liked that.'], ['Du hast mir einmal gedankt. Das hat mir gefallen.']],
  apology: [['You once said that you were sorry.'], ['Du hast dich einmal bei mir entschuldigt.']],
  plea: [['You once asked me for help.'], ['Du hast mich einmal um Hilfe gebeten.']],
  trade: [['You wanted to trade with me once.'], ['Du wolltest einmal mit mir handeln.']],
  loot: [['I still have something of yours, heh.'], ['Ich habe noch etwas von dir, heh.']],
  ward: [['You guard yourself well.'], ['Du weißt dich zu schützen.']],
  robs: [['They say that you rob people.'], ['Man sagt, du raubst Leute aus.']],
  harmed: [
    ['I have not forgotten what you did to me.'],
    ['Ich habe nicht vergessen, was du mir getan hast.'],
  ],
  kind: [['You have been good to me.'], ['Du warst gut zu mir.']],
};

/** Places and markets of the embedded map, as German speakers say them (after „vor", „von", „an"; behind „der"). */
export const GERMAN_NAMES: Record<string, string> = {
  'the north road': 'der Nordstraße',
  'the bridge': 'der Brücke',
  'the ford': 'der Furt',
  'the lake shore': 'dem Seeufer',
  'the village gate': 'dem Dorftor',
  'the ravine': 'der Schlucht',
  'the east road': 'der Oststraße',
  'the old stair': 'der alten Treppe',
  'Village market': 'Dorfmarkt',
  'Camp market': 'Lagermarkt',
  'Lake market': 'Seemarkt',
};
