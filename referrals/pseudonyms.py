"""A word for a person: plain words of birds, trees, stones and rivers, none of them a first name.

A real name must never stand where one of these does, so nothing else is accepted.
"""

import secrets
from collections.abc import Collection

from referrals.errors import NotAPseudonym

BIRDS = (
    "Albatross Avocet Bittern Blackcap Brambling Bunting Buzzard Capercaillie Chaffinch"
    " Chiffchaff Condor Cormorant Corncrake Curlew Dabchick Dipper Dunlin Dunnock Egret Eider"
    " Fieldfare Firecrest Flamingo Flycatcher Fulmar Gadwall Gannet Garganey Goldcrest"
    " Goldeneye Goldfinch Goosander Goshawk Grebe Greenfinch Greenshank Guillemot Harrier"
    " Hawfinch Heron Hoopoe Ibis Jackdaw Kestrel Kingfisher Kittiwake Lapwing Macaw Mallard"
    " Merganser Moorhen Nightingale Nightjar Nuthatch Osprey Ostrich Ouzel Oystercatcher"
    " Partridge Pelican Penguin Petrel Pheasant Pintail Pipit Plover Pochard Ptarmigan Puffin"
    " Quail Redpoll Redshank Redstart Redwing Sanderling Sandpiper Scoter Shearwater Shelduck"
    " Shoveler Siskin Skylark Snipe Sparrow Spoonbill Starling Stonechat Stork Sunbird Swallow"
    " Swift Tanager Tern Thrush Treecreeper Turnstone Wagtail Warbler Waxwing Weaver Wheatear"
    " Whimbrel Whinchat Whitethroat Wigeon Woodcock Woodlark Woodpecker Wryneck Yellowhammer"
)
TREES = (
    "Alder Almond Apricot Balsa Baobab Beech Birch Blackthorn Boxwood Buckthorn Cacao Cashew"
    " Chestnut Cypress Damson Dogwood Elm Eucalyptus Fig Fir Ginkgo Gorse Greengage Hawthorn"
    " Hickory Hornbeam Ironwood Juneberry Kapok Larch Lime Mahogany Mango Mangrove Medlar"
    " Mulberry Nutmeg Oak Osier Palm Papaya Pawpaw Pecan Pine Plum Pomelo Poplar Quince"
    " Redwood Rosewood Sandalwood Sapling Serviceberry Spindle Spruce Sycamore Tamarack"
    " Tamarind Teak Tulipwood Walnut Wattle Whitebeam Wychelm Yew"
)
STONES = (
    "Alabaster Andesite Basalt Bluestone Boulder Calcite Chalk Chert Cinnabar Citrine Cobble"
    " Diorite Dolerite Dolomite Feldspar Flagstone Flintstone Fluorite Freestone Gabbro"
    " Granite Gravel Greenstone Greywacke Gritstone Gypsum Halite Hematite Hornfels Ironstone"
    " Keystone Limestone Lodestone Magnetite Malachite Marble Marl Moonstone Mudstone Obsidian"
    " Oolite Pebble Peridotite Porphyry Puddingstone Pumice Pyrite Quartz Quartzite Ragstone"
    " Rhyolite Sandstone Serpentine Shale Shingle Siltstone Slate Soapstone Sunstone"
    " Travertine Tufa Turquoise Whetstone Whinstone"
)
RIVERS = (
    "Aire Danube Dart Douro Ebro Elbe Erne Esk Foyle Garonne Humber Indus Irrawaddy Itchen"
    " Lagan Limpopo Loire Medway Mekong Meuse Mississippi Nith Oder Orinoco Ouse Parrett Rhine"
    " Rhone Ribble Ruhr Scheldt Seine Severn Spey Stour Swale Tagus Tawe Tees Thames Thurso"
    " Tigris Torridge Tweed Usk Vistula Volga Volta Waveney Welland Wensum Wharfe Witham Wye"
    " Yangtze Yukon Zambezi"
)
WORDS: tuple[str, ...] = tuple(sorted(f"{BIRDS} {TREES} {STONES} {RIVERS}".split()))
_BY_LETTERS = {word.casefold(): word for word in WORDS}
REFUSAL = "Use one of the offered words: a real name must not stand here."


def free_words(taken: Collection[str], *, number: int = 1) -> list[str]:
    """Some words that nobody in `taken` has, at random; of two words once single ones run out."""
    free = [word for word in WORDS if word not in taken]
    drawn = secrets.SystemRandom().sample(free, min(number, len(free)))
    while len(drawn) < number:
        first, second = secrets.SystemRandom().sample(WORDS, 2)
        pair = f"{first} {second}"
        if pair not in taken and pair not in drawn:
            drawn.append(pair)
    return drawn


def read_word(text: str) -> str:
    """One of our words, or two of them, as we write them. Raises NotAPseudonym."""
    words = [_BY_LETTERS.get(part, "") for part in text.casefold().split()]
    if not all(words) or len(words) not in {1, 2} or len(set(words)) != len(words):
        raise NotAPseudonym(REFUSAL)
    return " ".join(words)
