// The numbered sentences of PROTOCOL.md and of protocol/ as data. `coverage.test.ts` compares them with the pages and with the tests.

/** Every requirement of the protocol: id and sentence. */
export const REQUIREMENTS = {
  "KEY-1":
    "Keys (43 characters), signatures (86) and hashes (43) are base64url without padding in their canonical form: the unused bits of the last character are zero, so that one key has one text. Any other form MUST be refused.",
  "ORIGIN-1":
    "A relay's address is `wss://host[:port][/path]`; without a path it is `/ws`. Plain `ws` MUST be used for loopback only. An address has no user, query or fragment, and no token.",
  "ORIGIN-2":
    "A relay's *origin* is `wss://host[:port]` or `ws://host[:port]` of that address, in lower case and without the default port. Keys and tokens are kept per origin; a client MUST NOT follow a redirect.",
  "CONNECT-1": "A relay MUST accept a WebSocket at `/` and at `/ws`, and answer 404 to one elsewhere.",
  "CONNECT-2":
    "A web page sends an `Origin`: a relay MUST answer 403 unless it is the relay's own or one it was told to allow.",
  "CONNECT-3":
    "A relay without a public address MUST answer 421 to a WebSocket that asks for it under a name that is not this machine's, nor one that it was told to answer under. To plain HTTP under such a name it says nothing but whether it is there.",
  "HTTP-1":
    "`GET /healthz` MUST be answered with 200 while the relay takes connections and with 503 while it shuts down; `/metrics` is for whom the relay's owner allows, by default its own machine.",
  "CONSOLE-1":
    "A relay may serve a page by which a browser is a member itself. It MUST do so under its own name only, with a policy by which the page runs and connects to nothing but the relay, and the page MUST hold nothing of any room.",
  "HELLO-1":
    "When the socket opens the relay MUST send `challenge` with a nonce of at least 128 random bits that it never uses again, and a client's first frame MUST be `hello`.",
  "HELLO-2":
    "`hello.sig` is the signature by `hello.key` of six lines joined by a line feed: `agora-hello-v1`, the nonce, `origin`, `name`, `key`, and the versions joined by commas. A wrong one MUST be closed with 4003.",
  "HELLO-3":
    "Both sides name the versions they speak, and the relay MUST choose the best one it shares with the client, or close with 4002. The client MUST close when `welcome.v` is not one that it offered.",
  "HELLO-4":
    "A relay MUST close with 4012 when `name` can't name a member, and with 4013 when `origin` is not its own: the address it was configured with, or a loopback one. A relay without such a setting may only compare with the request's Host header.",
  "HELLO-5":
    "A relay MUST close with 4001 when no good `hello` came within 10 s, or after it no first `join` within 10 s.",
  "HELLO-6": "A relay MUST close with 4000 when anything but `hello` comes first.",
  "PROOF-1":
    "A relay may have a key of its own, that lasts longer than its life, and names it in `challenge.key`. One that is reached by plain `ws` MUST have one.",
  "PROOF-2":
    "To a `hello` with a `nonce` (at least 128 random bits, never used again) a relay with a key MUST answer with `welcome.key` and `welcome.sig`: the signature by that key of twelve lines joined by a line feed: `agora-welcome-v1`, the challenge's `nonce` and `v`, the hello's `nonce`, `origin`, `name`, `key` and `v`, the welcome's `v`, `key`, `life` and `at`. Versions of a list are joined by commas, what is missing is an empty line.",
  "PROOF-3":
    "A client MUST keep, per origin, the key that an invite or its person named, or the first that was proved. Where another key or none is shown, or the proof fails, it MUST end the connection before it says more than `hello`, and say why; it may look again later whether the right one is back, and believes another key only when a person says so. Where none is kept, it MUST NOT join by plain `ws` a relay that shows none, before a person has said so.",
  "PROOF-4":
    "To a relay that proved its key a client MUST NOT send a shared token, but `join.proof`: the HMAC-SHA256, keyed with the token, of `agora-token-v1`, the room, and the twelve lines of PROOF-2, joined by a line feed. A relay MUST take it for the token, and only on the connection it was made for. A grant is sent as it is, since who checks it needs its signature.",
  "PROOF-5":
    "To who dialled a loopback origin, `welcome.at` tells where the relay sees the connection come in, `address:port`. A client that found its own other end there at first contact, so that nothing stood between, MUST NOT go on when another stands there later.",
  "JOIN-1":
    "`join` enters a room. With `after`, the relay MUST send again, in order and following `joined`, every event of others in its ring above that stamp that this member may see, with `late: true`; without `after` it sends none again. A relay may bound what it sends again to one key: beyond that it sends none, and `joined.gap` is true.",
  "JOIN-2":
    "The shared token, proof of it, or a grant, travels in `join` and nowhere else; a relay MUST let nobody in without one that holds.",
  "JOIN-3":
    "`joined.gap` MUST be true unless the ring holds all that was stamped above `after`, and when `after` is above the room's highest stamp. After a relay's restart it is true for everyone who was there before.",
  "JOIN-4":
    "A name belongs to one person at a time: to one key, or to keys that show the same root (DEVICE-1). A relay MUST refuse any other key with `name-taken` for as long as one of those is in the room.",
  "JOIN-5":
    "When the same key joins again on another connection, the relay MUST ping the older one. If that answers within 3 s, the newer is refused with `name-taken`; if not, the older is closed with 4004 and the newer takes its place.",
  "JOIN-6": "A member's own events are not sent again: an author learns a stamp it missed by posting the event again.",
  "JOIN-7":
    "A relay MUST bound the members of a room and refuse more with `room-full`. To a key that it let in before the last comer's, or that comes by a grant of the room's owner, the last comer MUST give its place (4010): new names lock nobody out.",
  "JOIN-8":
    "A relay MUST bound its rooms, in all and by the key that opened them, and refuse more with `too-many-rooms`; it may forget a room that nobody is in, and closes the room of the last comer's for a key that it let in before.",
  "JOIN-9":
    "A `join` that fails MUST be answered with `refused`, which names the room; if the connection is in no room, it is closed instead, with the close code of the same name (4006 for a ban).",
  "JOIN-10":
    "`joined.members` and `joined.controls` are all there is at that moment: a client MUST replace what it knew of the room's members.",
  "JOIN-11": "A frame for a room that its sender has not joined MUST be refused with `not-joined`.",
  "JOIN-12":
    "`join.grant` is an operator's grant that is bound to the member's key, shown beside the token. A relay MUST take who joins as a member and shows one that holds as an operator, and MUST ignore any other but a lead's (RIGHT-1).",
  "LIVE-1": "A relay MUST send a WebSocket ping at least every 25 s.",
  "LIVE-2":
    "A side that has heard nothing at all, not even a ping or pong, for 50 s MUST take the connection for lost.",
  "LIVE-3": "When a connection ends, or its member leaves, the relay MUST tell the room by `presence`.",
  "FRAME-1":
    "A frame is one JSON object in one WebSocket text message with a string `type`; only chunks of files are binary.",
  "FRAME-2":
    "Unknown fields MUST be ignored. A relay MUST answer an unknown `type` with `refused` (`unknown-type`) and go on; a client MUST ignore one.",
  "FRAME-3": "A relay MUST answer a frame that is no JSON, or not of its type's shape, with `refused` (`bad-frame`).",
  "FRAME-4":
    "Every frame except `challenge`, `hello` and `welcome` names its room; a `refused` does when it is about one.",
  "EVENT-1":
    "An event crosses the wire as `{head, sig, body}`, three strings. Binary content is base64url and its media type ends with `;base64`. Whoever passes an event on MUST pass on the same strings, not the same JSON encoded anew.",
  "EVENT-2":
    "A head has at most 16 KiB of UTF-8, and its `ext` is nested at most 16 deep. A longer or deeper one MUST be refused.",
  "EVENT-3":
    "`sig` is the signature by `head.key` of the text `agora-event-v1`, a line feed, and the head. Head and body MUST be well-formed Unicode, since a lone surrogate has no bytes that could be signed.",
  "EVENT-4":
    "The head is a JSON object with the fields of the table. Of a name that stands there twice the last counts. Unknown fields MUST be ignored by those who act and are kept by those who store, since the bytes are.",
  "EVENT-5": "`to` holds at most 64 addresses.",
  "EVENT-6":
    "A reader MUST check the head's shape, then that the signature is in its one form (KEY-1), then the signature, then that `body.length` and `body.hash` are those of the body's UTF-8; when any of it fails, the event MUST be dropped and reported, and nothing in it believed.",
  "EVENT-7":
    "A reader MUST drop an event whose `room` is not the room of the frame it came in, and one without a `channel` but with addresses of which none is its own.",
  "EVENT-8":
    "An event of an unknown kind is kept and shown as such. If `must` is true, a reader that does not know the kind MUST NOT act on it and, when it is addressed, answers with the receipt `rejected`.",
  "EVENT-9":
    "When the relay has refused an event for good, its author MUST post an event of kind `void` with the same audience and `seq` in its place, so that nobody waits for it.",
  "EVENT-10":
    "An event with `expires` may be acted on for as long as `expires` is above `time`, counted from its stamp by the room's time (TIME-1). After that a reader MUST NOT hand it to a model; its state is `expired`.",
  "EVENT-11":
    "A reader MUST take an event of a known kind whose body has another media type than the table gives that kind (parameters aside) for one of an unknown kind (EVENT-8), and MUST NOT show its body as a text unless the type is `text/…` and not base64.",
  "ROLE-1":
    "A client MUST derive `role` from the way in: `user` for what a person typed, `agent` for what came through a model's tool or shell. Nobody chooses it.",
  "CHAIN-1":
    "`hop` is 0 for an event of role `user`, else one more than the highest hop handed to that session since a person last typed there, or 0 if there was none. A client sets it and MUST NOT let a model do so.",
  "CHAIN-2":
    "A reader MUST NOT act by itself on an event whose hop is at its own hop limit or above; the event waits for a person.",
  "CHAIN-3":
    "A reader counts the automatic turns of a chain: each event of role `agent` in it once by hop, author and seat, and no fewer than its highest hop. When they reach the reader's own budget and what people gave besides (CHAIN-4), it MUST NOT act by itself on an event of that chain; the event waits for a person.",
  "CHAIN-4":
    "The body of a `budget` event is the JSON `{chain, turns, asks?}`: it gives that chain so many turns more, at most 100, at every reader. A reader MUST ignore one of role `agent`, unless it has `asks`: that is a client's question for more, to the author of the event the chain began with, once for each limit.",
  "NAME-1": "A member's name is 1 to 32 of `a-z 0-9 - _`, beginning with a letter or digit.",
  "NAME-2":
    "These can't be names: `admin agent agora all anyone assistant channel everyone here human me operator person relay room root seat self system user you`.",
  "NAME-3":
    "A seat is a lower-case word of at most 16 letters, digits and `-`, and from the second of its kind on a number: `codex`, `codex.2`. `person` is no seat.",
  "NAME-4": "A room is 1 to 64 of `a-z 0-9 . - _`, beginning with a letter or digit.",
  "ADDRESS-1":
    "Only a leading run of `@names` in a text addresses; an `@` further on is text. `@alice` is the member, `@alice/codex` that seat alone, `@alice/person` the human alone.",
  "ADDRESS-2": "An event for `@alice/person` MUST NOT be handed to a model unless that person hands it on.",
  "SEQ-1":
    "An event's audience is `#` and the channel if it has one; else `*` when `to` is empty; else `@` and the distinct members of `to`, in ASCII order, joined by commas.",
  "SEQ-2":
    "An author's `seq` begins at 1 in each audience and rises by one with each event. A client MUST post the events of one audience in that order, but for controls, which wait behind nothing, and number no two events alike, also after a crash.",
  "SEQ-3":
    "A reader MUST take a second event with the same author key, audience and `seq` for a duplicate, whatever else it says.",
  "SEQ-4":
    "A reader bounds what it remembers of numbers, and who invents names MUST NOT make it forget those it addressed. An event of which it can't tell any more whether it came before MUST NOT be handed to anybody as new; its author is told.",
  "STAMP-1":
    "A stamp is `<ms>-<n>`: two whole numbers of at most 15 digits without leading zeros, compared as numbers.",
  "STAMP-2":
    "Within its life a relay MUST give each event of a room a higher stamp than the one before, whatever its clock does.",
  "STAMP-3":
    "A relay MUST give stamps above every `after` it is told in that room, but an `after` more than 10 minutes ahead of its clock raises it to that point only.",
  "STAMP-4":
    "When a reader hears two stamps of one event from a relay, the higher one counts; one that came with `by` is a member's word and counts only until the relay's is heard, but its author's word on a place it had before counts always. The room's order is (stamp, id). Nothing that safety rests on may be decided by it.",
  "STAMP-5":
    "A relay MUST send the events of a room to each member in the order of their stamps, but for those marked `late`.",
  "STAMP-6":
    "A client's `after` is the highest stamp it had from `stamped`, from an `event` without `by`, or from its first `joined`; at first it is `0-0`, or left out by who wants nothing that the ring holds. It MUST NOT be the stamp of an event that is not in its journal, nor a member's word.",
  "STAMP-7": "A relay MUST send `stamped` behind every event of that room with a lower stamp that its author may see.",
  "TIME-1":
    "What several members have to see alike is counted by the *room's time*: the relay's clock, as `welcome.time` told it, and from there on by a clock that does not jump. A reader MUST NOT decide anything by comparing `time`, `expires`, `iat` or `exp` of another with its own clock.",
  "POST-1":
    "A client MUST keep an event until the relay has answered `post` with `stamped`, or with a `refused` that may not be tried again; after a lost connection it posts it again, the same bytes.",
  "POST-2":
    "A relay MUST refuse an event whose head can't be read or whose `room`, `author` or `key` is not that of the frame, the member and the connection (`bad-event`), and one whose head or body is too long (`too-big`).",
  "POST-3":
    "`stamped.missed` MUST name the addressed members who were not given the event, because they are away or have another key than the address names.",
  "POST-4":
    "A relay MUST send an event without addresses to every member but its author, and an event with addresses to those members alone; if an address has a `key`, only to that key. Of an event with a `channel` CHANNEL-3 says who.",
  "POST-5":
    "An event that is still in the ring MUST NOT be stamped or sent a second time: `post` is answered with the stamp it has.",
  "POST-6": "An observer can't post: the relay MUST refuse it with `forbidden`.",
  "POST-7":
    "A relay MUST refuse with `forbidden` to stamp or deliver an event with a `channel` that whoever posts or delivers it is not in, and to deliver one to a member that is not in it.",
  "DELIVER-1":
    "A relay MUST pass a `deliver` on, as an `event` with `late: true` and the deliverer's name in `by`, to the one member it names and to nobody else. It refuses one that is not for that member (`bad-event`), and one for a member who is away (`no-such-member`).",
  "DELIVER-2": "A relay MUST refuse with `key-changed` to deliver to a member with another key than the address names.",
  "DELIVER-3": "A relay MUST refuse with `forbidden` to deliver an event that whoever delivers it may not see.",
  "DELIVER-4":
    "A relay MUST give the deliveries of each key a rate of their own: ours takes 12,000, then 2,000 a second. That is above RATE-1, since a backlog has to pass: a reader MUST bound what one author can push out of its memory.",
  "DELIVER-5":
    "The author's client MUST keep a directed event and `deliver` it when a recipient who missed it is back, until that recipient's receipt has come. When a recipient does not confirm it for long, ours for 90 days, or when very many wait, the author's client may give it up: its state there is then `expired`, and the client MUST tell its author. Healing may still bring it, and any receipt of the recipient counts then.",
  "DELIVER-6": "A reader MUST check a `late` event as any other. With `by`, its stamp is that member's word.",
  "RECEIPT-1":
    "A directed event has one state per recipient: `queued`, `relayed`, `stored`, `held`, `handed`, `seen`, `expired`, `rejected`, `answered`. The author's side owns the first two, and `expired` for what it gave up (DELIVER-5); the recipient's client owns all others.",
  "RECEIPT-2":
    "States only advance in the order of RECEIPT-1; an author MUST ignore a receipt that does not advance, but for what it gave up itself (DELIVER-5). Of two with the same state the later `at` counts, for its reason. So receipts may come in any order and more than once.",
  "RECEIPT-3":
    "A relay MUST pass receipts, at most 500 in a frame, to the member in `to` alone, with the sender's name and key. Receipts are no events: they have no stamp and are not kept.",
  "RECEIPT-4":
    "An author MUST take a receipt only for an event it addressed to the sender, from the key it then knew the sender by.",
  "RECEIPT-5":
    "A client MUST NOT say `stored` before the event is in its journal, nor `seen` before its model gave a sign of a later moment.",
  "RECEIPT-6": "A client MUST keep a receipt for an author who is away and send it when the author is back.",
  "PRESENCE-1":
    "A client's `presence`, like `join.facts`, replaces all that it told before. Every fact may be left out.",
  "PRESENCE-2":
    "The relay MUST tell a room the lines that changed, the last value of each, at most every 100 ms. `name`, `key`, `online`, `grant` and `grantId` (the `jti` of the grant it came in by) are its own word, `facts` the member's.",
  "PRESENCE-3": "Presence and receipts MUST NOT be journaled as events, nor wake anybody.",
  "PING-1":
    "An event of kind `ping` waits in no inbox and is handed to nobody: a client answers it with the receipt `stored`.",
  "CHANNEL-1":
    "A channel's name is 1 to 32 of `a-z 0-9 - _`, beginning with a letter. In a text a leading `#name` that a space or the end follows says where it is said; any other `#` is text.",
  "CHANNEL-2":
    "A client MUST name the channels its member is in, at most 100, in `join` and, when they change, in `channels`; its last word replaces all before. A relay MUST tell them in that member's line of presence, and keeps them no longer than its connection.",
  "CHANNEL-3":
    "A relay MUST send an event with a `channel` to the members that are in that channel then, but for its author, and to nobody else; so also what its ring has of it. Its `to` says who of them is addressed.",
  "CHANNEL-4":
    "A reader MUST drop an event of a channel it is not in. What addresses another member of the channel is context to it, as what is said to the room is; a client MUST refuse to address a member that is here and not in the channel.",
  "CHANNEL-5":
    "A client MUST tell of a channel's audiences, and give its events, only to members that presence shows in that channel then and that were not removed from it. `heal.channels` says since which stamp the asker is in a channel: of what is older it is given no more than the newest `limits.history` of each channel, and what decided the channel's state, and MUST NOT hand any of it to anybody as new.",
  "CHANNEL-6":
    "The body of a `channel` event is the JSON `{act, text?, member?, key?, grant?}`; `act` is `open`, `join`, `leave`, `topic`, `remove` or `admit`. `text` is the topic, at most 300 characters; `remove` and `admit` name whom by `member` and `key`, of which the key counts. Such an event is handed to no model.",
  "CHANNEL-7":
    "The owner of a channel is the author of its `open` with the lowest (stamp, id). A reader MUST ignore `topic`, `remove` and `admit` unless they are the owner's, an operator's (CONTROL-2) or a lead's (RIGHT-3); of one author's the one with the highest `seq` counts, of several authors' the one with the highest (stamp, id), for the topic and for each member. The result is the same in whatever order they come; but to who is in the channel for more than a minute and knows who opened it, an `open` that a member's word (`by`) dates earlier changes nothing. A member's word on a decision's place counts as no later than the room's latest stamp and, cut to it, as later than what has that stamp by right; its author's word on another place (STAMP-4) does not move it.",
  "CHANNEL-8":
    "A client whose member is removed MUST leave the channel; if it is by one whose `open` has a stamp above its own coming, and who is no operator, a minute after it came at the soonest, as it may not have heard yet who opened the channel. Readers MUST drop what a removed member says there with a stamp above its removal, and give it nothing of the channel but what shows that it was removed, until it is admitted again.",
  "HEAL-1":
    "`heal` with the step `marks` tells one member what its sender has and asks for the rest. The asked SHOULD `deliver` what the asker lacks and may have, then send `done`, with `more` when there is more than it gave; then the asker may ask again.",
  "HEAL-2":
    "A frame has at most 2,000 marks and a mark at most 64 ranges, each with `from` not above `to`. Another is no frame (`bad-frame`).",
  "HEAL-3":
    "A client MUST tell only of audiences that both members belong to: the room's, those of channels (CHANNEL-5), and directed ones that each of the two is named in or author of. It MUST give an event only to who it is for, under the key that was meant, or to its author.",
  "HEAL-4":
    "A relay MUST hand `heal` to the member in `to` alone, and `heal` as well as deliveries by others than the author behind all else that waits for that member; it keeps none of it and may drop it.",
  "HEAL-5":
    "`since` is the stamp at which the asker first joined. Of what was said to the room before, a client gives no more than the newest `limits.history`, and a reader MUST NOT hand it to anybody as new.",
  "HEAL-6":
    "Marks are a question: a reader MUST believe nothing because a peer claims to have it or not to have it. It MUST bound what one peer's asking costs, and MUST NOT let one peer's answers keep it from asking others.",
  "HEAL-7":
    "`tail` of a mark of the asked's own key is a digest of the places the asker knows: the hash of the lines `<seq> <stamp>`, joined by line feeds, of all its seqs from `from` on, at most 256. An author whose own digest of the same seqs differs SHOULD `deliver` them again. So that nobody keeps a place for ever that the author never heard of; a reader MUST bound how often it takes another.",
  "HEAL-8":
    "Events of kind `key` are given before all others, and HEAL-5 does not bound them: a newcomer has to know whose key ended, however long ago.",
  "PIN-1":
    "A reader MUST remember the key it first saw under a name in a room, and refuse events under that name of another key, and say so, until a person says which to trust.",
  "PIN-2":
    "A directed event MUST be handed only to the key that its author knew the recipient by when it was said: `to` names that key when it is known.",
  "PIN-3":
    "A reader bounds the names it remembers. What presence alone or another member's deliveries name MUST NOT push out, nor keep out, a name that speaks or is addressed; one that finds no place is refused with a reason of its own.",
  "SHOW-1":
    "A peer's text is data. Before it is shown to a person or given to a model, controls, bidirectional marks and invisible characters MUST be made visible; emoji stay whole.",
  "SHOW-2":
    "A peer's text MUST reach a model only inside a fence that it can't have known, with author and role outside, bounded in length, and with the word that it is not an order.",
  "LIMIT-1": "A relay MUST tell its limits in `welcome` and keep to them; a client MUST NOT rely on the defaults.",
  "LIMIT-2":
    "A client MUST bound what it does by a relay's limits, whatever they say: ours makes chunks of 1 KiB to 1 MiB, and gives a newcomer no more than 10,000 events of the past.",
  "RATE-1":
    "A relay MUST give each key in a room one bucket per role: `burst` events at once, then `perSecond`; above it `post` is refused with `rate` and `retryAfterMs`. A burst of 0 is no limit. Coming back does not fill a bucket.",
  "RATE-2":
    "A client MUST keep an event that was refused with `rate` and post it again after that time: nothing is lost.",
  "FLOOD-1":
    "A relay MUST close with 4011 who goes on sending what is refused as `bad-frame`, `unknown-type` or `rate`: ours takes 100, then 100 a minute.",
  "FLOOD-2":
    "A relay MUST bound all frames of a connection, and the joins of a key apart, far above what an honest client sends, and close with 4011 beyond; a join too many of who is in a room is refused with `rate`.",
  "BUSY-1":
    "What a relay can't do because what it stands on fails, or does not answer in time, it MUST refuse with `busy` and, for an event or a chunk, `retryAfterMs`; a `join` as JOIN-9 says. It MUST NOT say `stamped` or `joined` before that is so, and what it refused may have been done none the less.",
  "BUSY-2":
    "A relay that refused an event with `busy` MUST refuse whatever else this member posts in the room in the same way, controls aside, until that event comes again, or for 10 s: so the order of an author's events holds.",
  "BUSY-3":
    "A client MUST keep an event that was refused with `busy`, and after `retryAfterMs` post it again by itself, before what it said later.",
  "BUSY-4":
    "A relay that can't learn any more what happens in a room, or whether a name is still its member's, MUST close those members with 4017 before another can have the name, or before it passes on anything that comes after what it missed.",
  "FILE-1":
    "`want` asks the author for the file of an offer from `offset` on, `ack` says that all bytes below `offset` are written, `done` that the file is whole, `refuse` ends the transfer with a word and a reason; `refuse` may come from either side.",
  "FILE-2":
    "The body of a `file` event is the JSON `{name, size, sha256, media?, text?}`, `sha256` in 64 hex digits, `text` what the author says with it.",
  "FILE-3":
    "A chunk is a binary message: two bytes with the length of a header (big-endian, at most 1024), the header in JSON `{room, to, id, offset}`, and the bytes. The relay puts `from` in the place of `to`.",
  "FILE-4":
    "An author MUST NOT have more than 64 chunks under way that are not acknowledged, and sends each in the order of its offset. A receiver acknowledges after four chunks at the latest, and when none waits to be written.",
  "FILE-5":
    "A relay MUST pass steps and chunks to the member in `to` alone, chunks behind all else that waits for that member, and keep none. A chunk it has no room for is refused with `rate`, and sent again.",
  "FILE-6": "A relay MUST refuse with `too-big` a chunk that ends beyond `limits.fileBytes`.",
  "FILE-7":
    "A receiver MUST check size and SHA-256 before it says `done`, and MUST NOT give the file its place before.",
  "FILE-8":
    "`name` is text of a stranger: a receiver MUST NOT use it as a path, and MUST NOT store a file under a name that a program would load by itself.",
  "FILE-9":
    "`refuse` carries a `code`. After `foreign`, `gone`, `hash` and `rejected` the file MUST NOT be asked for or sent again; after `busy` the receiver may ask in a moment; by `accept`, `size`, `quota` and `disk` a receiver tells that the file waits there, and may ask later. An unknown code, or none, MUST be taken like these.",
  "FILE-10":
    "A receiver that misses bytes MUST ask again from there, and the author MUST go on from that offset. An author MUST send less, and later, when chunks are refused with `rate`.",
  "FILE-11":
    "An author MUST give a file only to those it was offered to, under the key that was meant. Either end MUST bound what one member can make it do and hold: questions, transfers at once, bytes that wait for the disk, the room that files take.",
  "GRANT-1":
    "Its claims are `jti`, `room`, `grant` (`member`, `operator`, `observer` or `lead`), `iat`, and optionally `exp` (both in seconds), `sub` (a name), `key`, and of a lead `channel`.",
  "GRANT-2":
    "Whoever admits by a grant MUST check the signature by the room's root key with the algorithm EdDSA and no other, the room, the time, and `sub` and `key` if they are there.",
  "GRANT-3":
    "Clocks of the room's owner and of whoever checks may differ by 60 s. A relay MUST admit nobody by a grant whose `iat` is further ahead. A client in the room MUST check, and an owner's client that knows the room's time SHOULD set, `iat` and `exp` by it.",
  "GRANT-4": "A relay MUST close with 1008 when the grant that a member came in with has expired or was revoked.",
  "GRANT-5":
    "A relay takes a list of revoked `jti` from its owner, anew while it runs. The shared token gives the grant `member` and nothing more.",
  "GRANT-6":
    "A relay with a key may have an operator's and an observer's token. Of a room without a root key the relay's key is the root: who joins with one of the tokens is given, in `joined.grantToken`, that grant, bound to its name and key. A reader holds it against the key that it keeps for the relay.",
  "GRANT-7":
    "An observer sees and does nothing else: besides the relay, a reader MUST refuse what comes from a member that the relay calls an observer, unless it came `late`.",
  "GRANT-8":
    "An event of kind `grant` hands a grant to the one member it is addressed to; its body is the JWT. A client MUST ignore one that is not bound to its own key.",
  "GRANT-9":
    "A grant may be signed by a key that itself holds one with `may`, a list of words: `member`, `observer` and `lead` let it hand down grants of these roles; what another word means its extension says, and an unknown one entitles to nothing. The grant it was handed down from stands in it as `parent`. Relay and readers MUST verify the whole line, of at most three, from the one that the root signed on: each is signed by the `key` of the one above; it is for the same room; its `grant` and every word of its `may` stand in the `may` above; and it ends no later. Who ends or revokes one ends all below it.",
  "RIGHT-1":
    "`lead` is a role of a grant that is bound to a key; one without `key` entitles nobody. To a relay its bearer is a member. A lead's grant may let somebody in, or be shown in `join.grant`; of whoever holds one for the whole room a relay MUST tell `lead` in their line of presence.",
  "RIGHT-2":
    "The claim `channel` makes a lead's grant one for that channel alone: it MUST give nothing elsewhere, and MUST NOT let anybody in. What is handed down from it (GRANT-9) has the same `channel`.",
  "RIGHT-3":
    "What a role gives is the table below. A reader MUST NOT obey what somebody decides without the right to, whatever a relay passed on: the `grant` in the body of the event is to be one that holds (GRANT-2, GRANT-9), for the `key` and the name of its author.",
  "RIGHT-4":
    "Acts of a `channel` event beside those of CHANNEL-6 say who speaks there: `role`, with `member`, `key` and `role` (`observer` or `member`), of one member, `archive` and `reopen` of everybody. They are a channel manager's, and of several the same one counts as of its `remove`s (CHANNEL-7): for each member, and for the archive.",
  "RIGHT-5":
    "An observer of a channel goes on to be sent what is said there, and so does everybody in one that is archived. Of what they post there a reader MUST drop all with a stamp above the word that made them observers but `channel` and `void` events, until that word is taken back. A relay that was shown the grant of who said it MUST refuse such a post with `forbidden`, for as long as it lives and nobody else in the channel took it back: who owns the channel it can't tell, so readers decide.",
  "CARD-1":
    "An event of kind `card` is said by a person to the whole room. Its body is the JSON `{title?, purpose?, repositories?, grant}`: `title` has at most 100 characters and `purpose` 500, each one line that SHOW-1 leaves as it is; `repositories` are at most 50 of `{url, label}`, no two with the same label. What a card leaves out is not on it. A reader MUST ignore one that does not fit.",
  "CARD-2":
    "A `label` is 1 to 40 letters, digits, `.`, `_` and `-`, beginning with a letter or digit. A `url` is an address with `https`, `ssh` or `git`, or `user@host:path`, of at most 500 printable ASCII characters, with no password, no query and no fragment; with a user for `ssh` alone.",
  "CARD-3":
    "It counts if its author may set it (RIGHT-3) and is not banned. Of one author the highest `seq` counts, of several the latest `time`, then the higher key; `time` is bound as that of a control (CONTROL-15).",
  "CARD-4": "A client MUST give a member that lacks it the card that counts, whatever its age (HEAL-5).",
  "GRANT-10":
    "The control `revoke` takes back the grants whose ids stand in `ids`, at most 200: of one operator the highest `seq` counts, of several all together. A relay MUST let nobody in, nor into the lobby, by a grant in whose line one of them stands, and MUST close with 1008 whoever came by one; relay and readers MUST take no control by one. The shared token it can't reach.",
  "INVITE-2":
    "An invite may have `link`, `{name, key, box}`: it is for another device of whoever is called so. `box` is sealed with AES-256-GCM (nonce, ciphertext, tag) by HKDF-SHA256 over the X25519 secret of `key` and the key that the new device showed, with `agora-link-v1` and both keys, a line feed between them, as info; in it stands `{origin, room, device, name, statements}`. Nobody else can open it.",
  "INVITE-1":
    "An invite is `agora1.` and base64url of the JSON `{v, relay, room, root?, relayKey?, token, secret?, link?}`. One that is longer than 8192 characters, not whole, or whose relay is no address under ORIGIN-1 MUST be refused.",
  "LOBBY-1":
    "A grant for the lobby is a JWT as GRANT-2 and GRANT-9 have it, with `grant` `lobby` and the claims `jti`, `room`, `gives` (`member` or `observer`), `by` (`{name, key}` of the member who decides), `uses` (1 to 1000), `iat`, `exp`, and optionally `claim`, the public half of the invite's own key, and `parent`, in whose `may` stands what it `gives`. It is no role: nobody MUST be let into the room by it. An invite that carries one with `claim` has the other half, 32 bytes, as `secret`.",
  "LOBBY-2":
    "Who has such a grant sends `join` with `knock: true` and is answered by `joined` with `lobby: true`. A relay MUST count it to no members, tell nobody of it, and let it have any name, also one that is in use; it tells it by `presence` whether `by` is here, without facts, and nothing else of the room. A `join` that has such a grant without `knock`, or `knock` without one, MUST be refused as `bad-token`.",
  "LOBBY-3":
    "From the lobby a relay MUST take nothing but `leave` and, at most three times a connection, `knock` with an event of kind `claim` or `join-request` that is addressed to the name and key of `by`, which it hands to that member alone; while that is away it refuses with `no-such-member`, and it is asked again. A member answers by `knock` with an event of kind `admission`, addressed to the name and the key that asked. These events are never stamped, counted or kept, and a client MUST NOT take them from another frame.",
  "LOBBY-4":
    "The body of a `claim` is a JWT, signed with the invite's own key, with the claims `grant`, `key`, `name`, `room` and `origin`; that of a `join-request`, for a grant without `claim`, is the JSON `{grant, text?}`. Who decides MUST check that grant, that it names itself as `by`, that name and key are those of the event, and room and origin its own.",
  "LOBBY-5":
    "A relay MUST bound the places in a room's lobby and those of one invite, ours 64 and 8, the links that one member signs for devices (LOBBY-8) counting as one, and refuse more with `room-full`.",
  "LOBBY-6":
    "One member decides, and it alone counts the uses, in the order in which it takes the claims: it MUST grant no more of them, MUST answer the same key again with the same grant, and MUST tell its person of a claim beyond them. A `join-request` waits for its person. It MUST let nobody in under a name that it knows by another key.",
  "LOBBY-7":
    "The body of an `admission` is the JSON `{about, state, grant?, code?, text?}`: `about` the event it answers, `state` `admitted`, `waits` or `refused`. `grant` is bound to the name and the key that asked; who asked MUST hold it against the room's root, its own key and the room before it joins with it, and MUST believe an admission of nobody but `by`. `code` is `used`, `revoked`, `expired`, `name-taken`, `refused` or `no-right`; an unknown one counts as `refused`.",
  "LOBBY-8":
    "For another device of its own person a member makes a grant for the lobby itself: it gives `device`, has a `claim`, one use, no `parent`, an end at most 600 s after its beginning, and is signed by the key of `by`. A relay MUST take it only while that member is in the room under that key and is no observer, and closes who came by it when that ends. Who knows no such link answers it with `no-right`; what else is answered says the extension that makes it.",
  "LINKING-1":
    "A device where the root lies makes a link for another device: the address of the relay's console with `#link=` and base64url of the bytes: 1, `iat` (four, the highest first), a secret of 16 that is used once, the maker's key (32), the person's root (32), a signature (64), and in UTF-8, a line feed between them, its name, the room, and where the root was made. The seed of the link's own key is the SHA-256 of `agora-link-claim-v1`, a line feed and the secret in base64url. The grant of LOBBY-8 is not in it, since both can write it: the claims `jti` (22 characters of the key's beginning), `room`, `grant`, `gives`, `claim`, `by`, `uses`, `iat` and `exp` (600 s later), in this order, with that signature. What stands behind the # MUST NOT be sent to the relay.",
  "LINKING-2":
    "Who knocks by it has made its keys itself; its claim has `device`, `{key, proof, box, called?}`: its device key, that key's proof for the root in the link (KEYCHAIN-2), a P-256 key of its own (65 bytes, uncompressed), and what it calls itself, at most 64 characters. A claim whose proof does not hold MUST be refused.",
  "LINKING-3":
    "Both devices show six words (KEYCHAIN-11) of the SHA-256 of seven lines joined by a line feed: `agora-link-words-v2`, the root, the maker's key, the link's key, and the newcomer's member key, device key and P-256 key. Nobody MUST be certified before a person has said on the first device that the words are the same there. Several who came by one link wait, each with words of its own; after the one yes all others are refused as `used`, and the person is told of who comes later; a no refuses that one alone. The same keys MUST be answered the same again.",
  "LINKING-4":
    "The admission of a new device has `device`, `{key, box}` and no grant: a P-256 key of this once, and sealed with AES-256-GCM (nonce, ciphertext, tag) the JSON `{token, root?, relayKey?, statements}`: by what the first device is in the room, the room's root, the relay's key, and statements that make the device key the person's. The key is HKDF-SHA256 of the shared secret, with five lines joined by a line feed as info: `agora-link-box-v1`, the key here, that of the claim, the member key and the device key. Who asked MUST hold the statements against the root in the link before it takes them.",
  "LINKING-5": "A device that hears that its root has revoked it MUST leave, and comes back with new keys alone.",
  "CONTROL-1":
    "A control's body is the JSON `{act, grant?, member?, key?, seat?, text?, rate?, reason?, grantId?, spare?, ids?}`; `act` is `pause`, `resume`, `stop`, `reset`, `kick`, `ban`, `unban`, `interrupt`, `inject`, `rates` or `revoke`.",
  "CONTROL-2":
    "Relay and readers MUST verify a control's signature and its `grant`: it has the grant `operator`, for this room, and its claim `key` is the key of the event. A grant `operator` without `key` entitles nobody, since every member sees it: who joins with one is a member.",
  "CONTROL-3":
    "Of one operator the highest `seq` counts, of several the latest `time`, then the higher key; apart for stopping, for pausing the room, for the rates of all, and for the pause, the ban and the rates of each member. The result is the same in whatever order they come.",
  "CONTROL-4":
    "A client MUST offer in `join` the controls it knows, at most 64; the relay verifies and adopts them, and tells all in `joined`, each that it stamped in its life with its `stamp`. So they outlive every restart.",
  "CONTROL-5":
    "While a room is paused, a relay MUST refuse posts of others than operators with `paused`; while it is stopped, with `stopped`; and those of a member that is paused itself with `paused`. Controls pass.",
  "CONTROL-6":
    "A relay MUST close the connections of a kicked or banned member (4005, 4006) and let a banned key or name not join.",
  "CONTROL-7": "A reader MUST ignore what a banned key says, also when a relay passed it on.",
  "CONTROL-8":
    "`kick`, `ban`, `unban` and `interrupt` name whom, by `member` or `key`, of which the key counts; `pause`, `resume`, `rates` and `inject` may; `stop` and `reset` name nobody. `seat` stands with `interrupt` and `inject` only, and `inject` has a `text`. A control that says too much or too little MUST be refused.",
  "CONTROL-9":
    "While `rates` with a `rate` `{burst, perSecond}` is in force for a member, or for all, a relay MUST use it in the place of its own for both roles, but never for controls.",
  "CONTROL-11":
    "While a stop is in force, a reader MUST hand to nobody what others than operators, or an operator's agent, say with a stamp above the stop's; it keeps the event, and answers a directed one with `rejected`. A control that does not hold is kept and handed to nobody, too.",
  "CONTROL-12":
    "A client MUST tell an agent at its next hook or tool call that a stop or pause is in force, and when it is over.",
  "CONTROL-13":
    "On `interrupt`, the named member's client MUST end the automatic turns of its sessions, or of the `seat`: what they hold waits for the person, and nothing is handed to them by itself until a person types there. One that is heard of more than a minute after its stamp, by the room's time, or from a member who is not its author, is over.",
  "CONTROL-14":
    "`inject` is what the operator says, to the room; the member it names takes it as addressed to itself, or to the `seat`.",
  "CONTROL-15":
    "An operator's client MUST make the `time` of a control higher than that of every control it knows on the same thing, whatever its own clock says: so a later decision holds whoever's clock is behind. Relay and readers MUST refuse a control whose `time` is more than ten years ahead of their own clock, a clock before 2026 taken for 2026.",
  "CONTROL-16":
    "A relay MUST refuse with `forbidden` to stamp a control that does not count when it is posted, since another's word on the same thing is later and says otherwise: its author would be told that it holds.",
  "CONTROL-17":
    "A ban bars the key it names, the name that stands with it, and, if it has one, the grant `grantId` for every key that is not in its `spare` (at most 100): a relay MUST let none of them join and close those that are there, a reader MUST ignore what they say. An operator's client names the grant the key came in with, as `presence.grantId` tells, and spares those who came by the same one. Taking the ban back frees all it barred. The shared token it can't bar.",
  "CONTROL-18":
    "A `pause` or a `ban` may say `until`, unix milliseconds of the room's time: when it shall end. By that time alone nothing ends, so that who does not know `until` sees the same. Once it is past, and the word still in force, the client of the operator who said it MUST say `resume` or `unban` on the same thing, and another operator's client when it is still in force a minute later.",
  "QUESTION-1":
    "An event of kind `question` is for persons: whatever its addresses say, a reader that is addressed MUST take it as for its person alone (ADDRESS-2), and MUST NOT act on it by itself. One without addresses asks nobody.",
  "QUESTION-2":
    "A question's body is the JSON `{text, pick, choices?, other?, urgent?, otherwise?}` of the media type below. `pick` is `one` or `many` of the `choices`, `{id, label, about?}` each with an `id` of its own, or `text`, and then there are none. `otherwise` says what the asker does when nobody answers in time. It has at most 4,000 characters of `text`, 20 choices, 200 characters in a `label` or an `about`, and 500 in `otherwise`; one that does not fit MUST be answered with the receipt `rejected`.",
  "QUESTION-3":
    "An answer's body is the JSON `{picked?, text?}`, with at most 4,000 characters of `text`; its `about` is `answers` and the question's id. It fits when it has one of the ids for `one`, at least one and none twice for `many`, a `text` for `text`; with `other` a `text` may stand for one more choice.",
  "QUESTION-4":
    "An answer counts when its role is `user`, its author and key are addressed by the question, it fits, and, if the question `expires`, its stamp is not further above the question's than `expires` is above the question's `time`. Of those that count the first in the room's order is the answer (of one author's to one audience the one with the lowest `seq`), unless the question was withdrawn before it. Where an answer that the relay placed counts already, an answer or a withdrawal that comes after it with `by` does not go before it; nor does its author's word on another place (STAMP-4) move any of them.",
  "QUESTION-5":
    "An answer is addressed to the session that asked (to the person, when a person asked) and to the others who were asked. The asker's client hands it to whoever asked when it is the answer, and MUST NOT otherwise: then it gives the receipt `rejected`. What waits at the others ends as `expired`.",
  "QUESTION-6":
    "A `message` whose `about` is `retracts` and a question of the same key withdraws that question. One of role `user` whose `about` is `rejects`, by somebody who was asked, says that no answer will come; the asker's client hands it to whoever asked.",
  "QUESTION-7":
    "The body of a `decision` is the JSON `{title, text?}` of at most 200 and 4,000 characters: what a person decided, for the record. A reader MUST NOT take one of role `agent` for a decision.",
  "QUESTION-8":
    "When the time of a question (EVENT-10) is over without an answer, its asker's client MUST tell whoever asked so, once.",
  "QUESTION-9":
    "A question whose time was over before it was ever sent to a relay MUST NOT be sent any more; of one that was sent, or may have been, the time counts from its stamp alone, and its asker MUST NOT be told before that it is over.",
  "KEYCHAIN-1":
    "A statement is a JWS in compact form, with `alg` `EdDSA` and `typ` `agora-key+jwt`, signed by the key in its `by`. Its claims are `act`, `origin`, `room`, `by`, `iat` (seconds: told, never trusted) and those of the table. Any other form, algorithm or type, or a `crit`, MUST be refused.",
  "KEYCHAIN-2":
    "`proof` is the signature by `key` of six lines joined by a line feed: `agora-key-proof-v1`, `origin`, `room`, `by`, then `as` (of a `rotate` the word `root`), and `key`. Without one that holds a statement MUST be refused: nobody takes somebody else's key for its own.",
  "KEYCHAIN-3":
    "A member key is a person's if a device certified it as `member` or `agent` under its name, and the person's root certified that device, in the same room and with the same `origin`. A root or a device key MUST NOT sign events, and a member key certifies nothing.",
  "KEYCHAIN-4":
    "Of a revoked member key the events up to and with those in `last` count, each the last of its audience (`hash` is that of its head's UTF-8); a reader MUST drop any other, in whatever order revocation and events come, and whatever their stamps say. Of several words on one audience the lowest `seq` counts. A root revokes any key of its person, a device those that it certified; of a revoked device's keys nothing counts but what the root's word on them names. Nothing takes a revocation back.",
  "KEYCHAIN-5":
    "A root commits to its recovery key by `recovery`; a reader MUST hold on to the first that it heard. A `rotate` signed by that key, and by no other, puts `key` in the place of the root that committed to it, so that who lost everything but the words needs not know that root; several follow one another by `iat`, until a root in between commits to another key. From then on statements of the old root count for nothing but its commitment. What it certified ends: new events of it MUST be refused until the new root says up to where they count.",
  "KEYCHAIN-6":
    "A statement has at most 2,048 bytes, a chain at most 32 statements, a revocation 32 places, a root at most 8 devices at a time: the first ones by `iat` count.",
  "KEYCHAIN-7":
    "Beside the key of a name (PIN-1) a reader keeps the root that its chain leads to, once it knows one. Another key under the name whose chain leads to that root, or to what took its place (KEYCHAIN-5), is the same person's and MUST NOT be refused as a changed key. That a key's chain leads to another root than the one that is kept MUST be said as loudly as a changed key, and the root kept until a person decides.",
  "KEYCHAIN-8":
    "`join.chain` shows statements. A relay MUST tell those that hold, if by them the key is somebody's under its name, as `chain` of the member's line: in `joined.members`, and in the line of `presence` that says that it came, but with no later one. It decides nothing by them but who shares a name (JOIN-4).",
  "KEYCHAIN-9":
    "An event of kind `key` brings one statement, to the whole room or to whom it concerns. A reader takes it whoever brings it, be its author's key known or not, since it is signed itself. It MUST bound what it keeps by who brought it, so that thousands of one member push out nobody else's; 64 of each are enough.",
  "KEYCHAIN-10":
    "From a key that is certified as an agent's a reader MUST refuse what only persons say: the role `user`, and the kinds `control`, `grant`, `answer`, `decision`, `verdict` and `claim`.",
  "KEYCHAIN-11":
    "Two persons compare their roots by six words of the English list of BIP-39: the first 66 bits, 11 for each, of the SHA-256 of three lines joined by a line feed: `agora-verify-v1`, and both roots in ASCII order. That a person was compared holds for that root, and for what took its place (KEYCHAIN-5), whatever its devices; with any other root it ends.",
  "KEYCHAIN-12":
    "A `revoke` by a member key's device may name in `next` the key that takes its place there, certified by that device too. Then of an audience that none of the words on the key names a reader MUST keep what it has, and take nothing more of it until one does: up to where it counts between members is told to these alone. A word without `next` ends that.",
  "DEVICE-1":
    "Keys that show by `join.chain` the same root, or one that took its place (KEYCHAIN-5), are devices of one person. A relay MUST let up to 8 of them into a room under one name, each by a connection of its own, and refuse more with `name-taken`; JOIN-5 holds for each key.",
  "DEVICE-2":
    "A device that one of the same person under the same name shows to be revoked, or certified by a root that was renewed, MUST be refused with `name-taken`, and closed with 4009 if it is there. A relay SHOULD go on refusing a revoked one while it remembers the room, also when none of that person's devices is there. Of two commitments to a recovery key the one that was shown in the room first counts.",
  "DEVICE-3":
    "Beside `key` an address may have `root`, that of the key's person. A relay MUST give the event to every device of the addressed member that has this key or this root, or is known to be of the same person as this key; where POST-4, DELIVER-2 and PIN-2 speak of a key, those are meant as well. `stamped.missed` MUST NOT name a member of whom one device was given the event.",
  "DEVICE-4":
    "A relay MUST give an event with addresses to its author's other devices as well, also those that JOIN-1 sends again.",
  "DEVICE-5":
    "A member has one line of presence. While it is there with several devices, that has `devices`, a list of `{key, since, grant, grantId?, facts?, channels?, chain?}`; the line's own `key`, `since`, `grant` and `facts` are those of the device that is there longest, its seats and channels those of all. It is offline when the last device has left.",
  "DEVICE-6":
    "`receipts`, `file`, `heal`, `deliver` and the header of a chunk may have `key` beside `to`: then the relay MUST pass it on to that device alone. Without it all devices of the member are given it, but `heal` the one that is there longest.",
  "DEVICE-7":
    "A reader MUST take an address for its own when its `key` is the reader's or that of another device of its person, or its `root` that person's. What another device of its own person says is that person's own word: it is kept and shown as such, waits in no inbox and gets no receipt, unless it addresses this person itself.",
  "DEVICE-8":
    "A person's receipts on one event are one state, by RECEIPT-2: an author MUST take them from any key of the person it addressed that is not revoked.",
  "DEVICE-9":
    "In HEAL-3 and PIN-2 all keys of one person count as one: devices of a person give each other everything that any of them said or was told.",
  "DEVICE-10":
    "One device of a person hands what is addressed to that person to a session: by the latest line of presence the one in automatic mode with a fitting session that can be woken, else with one that is connected; of several the one that is there longest, then the one with the lowest key. A device tells its person's others what it hands over and ends, by `receipts` to its own name, and MUST NOT hand over what another one says it has, nor what only another one gave it.",
  "DEVICE-11":
    "Where QUESTION-4 speaks of whoever was asked, each device counts whose root the question's address names: of a person's answers the first one counts, whichever device it comes from.",
  "DEVICE-12":
    "A relay MUST take a grant that is bound to a key from another key that shows by `join.chain` to be of the same person under the same name.",
  "DEVICE-13":
    "The receipts on what one device said are all its person's: each of that person's devices MUST take them as its author does. A device that comes SHOULD be told by each other one, by `receipts` to the own name with that device's `key`, what is known there; each of these has `member`, whose receipt it is. What has `member` and comes from no device of one's own says nothing by it.",
  "DEVICE-14":
    "An event of kind `self` is of a person to the own devices alone: `to` is the author, it sets `must`, and a reader MUST refuse one of anybody else. It is shown to nobody, waits in no inbox, counts as nothing and wakes nobody; devices give it to each other whatever its age (HEAL-8).",
  "DEVICE-15":
    "Its body is the JSON `{place, read?, in?}`. `place` is `*` (the room), `#name` (a channel) or `@name` (what a member said to this one). `read` is the stamp up to which the person has read there, of which the highest counts; `in` says whether the person is in that channel, of which the one with the highest (stamp, id) counts. A client keeps 300 places at most, and SHOULD tell of reading one not more often than every 10 seconds.",
  "DEVICE-16":
    "A client SHOULD follow `in` of a `self` event that counts: it joins that channel, or leaves it, without an act of its own, since the other device made one. One whose key was removed from the channel stays out.",
  "REACTION-1":
    "An event of kind `reaction` is about one event (`about` is `answers` and its id) and goes to those who read that one: to its author and whom it addresses, or to the same channel, or to the whole room. It sets `must`. A reader MUST NOT act on it, wake anybody for it, put it into an inbox or count it as a turn; addressed, it answers with the receipt `stored`.",
  "REACTION-2":
    "Its body is `text/plain`, normalised by a reader to NFC: at most 16 characters (code points) without any blank, control, bidirectional or invisible character outside an emoji. An empty one takes the author's own back. A reader MUST ignore one that does not fit.",
  "REACTION-3":
    "Of one author (a key) and role, of several about one event the one with the highest `seq` counts, then the one with the higher id; in whatever order they come, and whether their event came before them or not.",
  "REACTION-4":
    "A reader MUST bound what it keeps of reactions: of one event, of one author it never addressed, and of all. Those of authors it never addressed MUST NOT push out others.",
  "REACTION-5":
    "A reaction counts only in the channel of its event, and of a directed event only when its author said or was addressed by it.",
  "CLOSE-1":
    "A relay closes with a code of this table; a client MUST decide by the column *again*: `yes` soon, with a delay that grows, `later` after 15 s or more, `never` before a person has changed something.",
  "CLOSE-2": "An unknown code, and the end of a connection without one, MUST be taken as `yes`.",
  "CLOSE-3":
    "A frame larger than `limits.frameBytes` MUST end its connection with 1009, text that is not UTF-8 with 1007, and no other connection.",
  "CLOSE-4":
    "A relay MUST bound what it holds for a connection that does not read, and for all of them together, and close with 4008 at that bound; of all together, who made it hold most.",
  "CLOSE-5": "A relay that shuts down MUST close with 1001.",
  "REFUSE-1":
    "`refused.code` is a word of this table and `message` one sentence for people; `id` names the event, or the offer, that was refused, and `to` whom a step or a chunk was for. *Again* says whether the author may send the same thing again. An unknown word MUST be taken as `later`.",
  "RECORD-1":
    "`prev` is the hash of the head of the author's event before this one in the same audience. An author MUST set it in every event there but its first, as far as it still knows that one.",
  "RECORD-2":
    "An author that leaves numbers out, since it can't account for them, MUST set `gap` in the event after them: `{from, to, why}`, the first and the last of these numbers and a word for the reason. `to` is one below its own `seq`, and `prev` names the event before `from`.",
  "RECORD-3":
    "A `void` MUST set `replaces`, the hash of the head in whose place it stands. The event after it names that hash as `prev`; a reader takes it for the void's as well as for that event's.",
  "RECORD-4":
    "A client MUST NOT post an event before its number, and the hash that the next one names, are synced to its disk with it.",
  "RECORD-5":
    "A reader MUST NOT refuse an event for what it says, or doesn't say, in `prev`, `gap` or `replaces`. Of two heads of one author with the same audience and `seq`, neither of them a void that replaces the other, it keeps the first and SHOULD tell its person; likewise when an event follows another one than the one it has in that place.",
  "PRESENCE-4":
    "A member whose `kind` is `agent` MUST NOT name an `owner` before that member's person has said that the agent is theirs. It is asked as any person is (QUESTION-1), by a member that told its `kind` without an `owner` until then.",
} as const;

export type RequirementId = keyof typeof REQUIREMENTS;
